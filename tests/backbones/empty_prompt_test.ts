import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, InputOutputError, RefusedError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  emptyPrompt,
  type EmptyPromptOptions,
  encodeClip,
  parseClipConfig,
  type Prompt,
  readPrompt,
} from "../../lib/backbones/mod.ts";
import { writeSafetensors } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, goldenPath, tensorTest } from "../support.ts";
import { firstRow, textConfig, withText } from "./text_fixture.ts";

const TOLERANCE = 5e-5;

/** Writes the text encoders of a checkpoint, by the names of their goldens. */
async function writeEncoders(checkpoint: string, encoders: Readonly<Record<string, string>>): Promise<void> {
  for (const [folder, name] of Object.entries(encoders)) {
    const path = join(checkpoint, folder);
    await Deno.mkdir(path);
    await Deno.writeTextFile(join(path, "config.json"), JSON.stringify(textConfig(name)));
    await Deno.copyFile(goldenPath(`textenc/${name}.safetensors`), join(path, "model.safetensors"));
  }
}

/** Takes the empty prompt and hands it to the scope. */
async function take(scope: { own(x: tf.Tensor[]): unknown }, options: EmptyPromptOptions): Promise<Prompt> {
  const prompt = await emptyPrompt(options);
  scope.own([prompt.states, prompt.pooled]);
  return prompt;
}

tensorTest("emptyPrompt() of FLUX is T5's states and CLIP's pooled text, computed once", async () => {
  await inFolder(async (checkpoint) => {
    using scope = tensorScope();
    await writeEncoders(checkpoint, { text_encoder: "clip_tiny", text_encoder_2: "t5_tiny" });
    const options = { network: "flux", checkpoint, tokens: 12 } as const;
    const prompt = await take(scope, options);
    await withText("t5_tiny", ({ golden }) => {
      close(prompt.states, scope.own(firstRow(golden["out.last_hidden_state"])), TOLERANCE);
    });
    await withText("clip_tiny", ({ golden }) => {
      close(prompt.pooled, scope.own(firstRow(golden["out.pooled"])), TOLERANCE);
    });

    await Deno.remove(join(checkpoint, "text_encoder_2"), { recursive: true });
    const again = await take(scope, options);
    close(again.states, prompt.states, 0);
    close(again.pooled, prompt.pooled, 0);
    assertEquals([...Deno.readDirSync(checkpoint)].map(({ name }) => name).sort(), [
      "empty_prompt.safetensors",
      "text_encoder",
    ]); // and no temporary file
    await assertRejects(() => emptyPrompt({ ...options, tokens: 5 }), DataError, "5 tokens: current value is 12");
    await assertRejects(
      () => emptyPrompt({ ...options, network: "sdxl" }),
      DataError,
      "must be sdxl: current value is flux",
    );
  });
});

tensorTest("emptyPrompt() of SD1.5 is CLIP's last states", async () => {
  await inFolder(async (checkpoint) => {
    using scope = tensorScope();
    await writeEncoders(checkpoint, { text_encoder: "clip_tiny" });
    const file = join(checkpoint, "elsewhere", "prompt.safetensors");
    const { states } = await take(scope, { network: "sd15", checkpoint, file });
    await withText("clip_tiny", ({ golden }) => {
      close(states, scope.own(firstRow(golden["out.last_hidden_state"])), TOLERANCE);
    });
    // As transformers 5.23.0 saves it, and with the positions that older versions stored.
    await withText("clip_tiny", async ({ params }) => {
      const bare = Object.entries(params).map(([name, tensor]) => [name.replace(/^text_model\./, ""), tensor]);
      await writeSafetensors(join(checkpoint, "text_encoder", "model.safetensors"), {
        ...Object.fromEntries(bare),
        "embeddings.position_ids": scope.own(tf.range(0, 12, 1, "int32")),
      });
      close((await take(scope, { network: "sd15", checkpoint })).states, states, 0);
    });
    const { states: kept } = await readPrompt(file, "sd15").then((prompt) => scope.own({ ...prompt }));
    close(kept, states, 0);
  });
});

tensorTest("emptyPrompt() of SDXL joins the last states but one, and pads the second text with token 0", async () => {
  await inFolder(async (checkpoint) => {
    using scope = tensorScope();
    await writeEncoders(checkpoint, { text_encoder: "clip_tiny", text_encoder_2: "clip_g_tiny" });
    const { states, pooled } = await take(scope, { network: "sdxl", checkpoint });
    assertEquals(states.shape, [1, 12, 40]);
    const half = (k: number) => scope.own(states.slice([0, 0, 20 * k], [1, 12, 20]));
    await withText("clip_tiny", ({ golden }) => {
      close(half(0), scope.own(firstRow(golden["out.hidden.1"])), TOLERANCE);
    });
    await withText("clip_g_tiny", async ({ json, read, golden }) => {
      // The pooled token stands before the padding, so that it is the golden's, which is padded otherwise.
      close(pooled, scope.own(firstRow(golden["out.pooled"])), TOLERANCE);
      const padded = [62, 63, ...Array<number>(10).fill(0)];
      const { hidden } = scope.own({ ...await encodeClip(parseClipConfig(json), read, [padded]) });
      close(half(1), hidden[1], 0);
    });
  });
});

tensorTest("emptyPrompt() of a checkpoint that cannot be written is encoded and not kept", async () => {
  await inFolder(async (checkpoint) => {
    using scope = tensorScope();
    await writeEncoders(checkpoint, { text_encoder: "clip_tiny" });
    const options = { network: "sd15", checkpoint } as const;
    // Whoever runs the tests may be allowed to write everywhere.
    const open = Deno.open;
    Deno.open = (path, settings) => {
      if (settings?.createNew) throw Object.assign(new Error("read-only"), { code: "EROFS" });
      return open(path, settings);
    };
    try {
      const { states } = await take(scope, options);
      await withText("clip_tiny", ({ golden }) => {
        close(states, scope.own(firstRow(golden["out.last_hidden_state"])), TOLERANCE);
      });
      const named = { ...options, file: join(checkpoint, "named.safetensors") };
      await assertRejects(() => emptyPrompt(named), InputOutputError, "must not be read-only");
    } finally {
      Deno.open = open;
    }
    assertEquals([...Deno.readDirSync(checkpoint)].map(({ name }) => name), ["text_encoder"]);
    await assertRejects(() => emptyPrompt({ ...options, widths: { states: 7 } }), DataError, "[1, T, 7]");
  });
});

tensorTest("emptyPrompt() names encoders and file when neither is there", async () => {
  await inFolder(async (checkpoint) => {
    await writeEncoders(checkpoint, { text_encoder: "clip_tiny" });
    const encoder = join(checkpoint, "text_encoder"), file = join(checkpoint, "empty_prompt.safetensors");
    await assertRejects(
      () => emptyPrompt({ network: "flux", checkpoint }),
      RefusedError,
      `${encoder} and ${encoder}_2, or else the file ${file}, must exist: ` +
        `current value is no ${encoder}_2, no ${file}`,
    );
    await Deno.mkdir(`${encoder}_2`);
    await Deno.writeTextFile(`${encoder}_2/config.json`, JSON.stringify(textConfig("t5_tiny")));
    await Deno.copyFile(goldenPath("textenc/clip_tiny.safetensors"), `${encoder}_2/model.safetensors`);
    await assertRejects(() => emptyPrompt({ network: "flux", checkpoint }), DataError, "missing: shared.weight");
  });
});

tensorTest("readPrompt() refuses files that hold something else", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const file = `${folder}/prompt.safetensors`;
    const states = scope.own(tf.zeros([1, 5, 24])), pooled = scope.own(tf.zeros([1, 20]));
    const refuses = async (tensors: Record<string, tf.Tensor>, message: string) => {
      await writeSafetensors(file, tensors);
      const read = () => readPrompt(file, "flux", { states: 24, pooled: 20 });
      await assertRejects(read, DataError, message);
    };
    await refuses({ prompt_embeds: states }, "must hold prompt_embeds and pooled: current value is prompt_embeds");
    await refuses({ prompt_embeds: states, pooled: states }, "pooled must be [1, 20]: current value is [1,5,24]");
    const other = scope.own(tf.zeros([1, 5, 32]));
    await refuses({ prompt_embeds: other, pooled }, "prompt_embeds must be [1, T, 24]: current value is [1,5,32]");

    await writeSafetensors(file, { prompt_embeds: states, pooled }); // written elsewhere: no network is told
    const prompt = scope.own({ ...await readPrompt(file, "flux", { states: 24, pooled: 20 }) });
    assertEquals(prompt.states.shape, [1, 5, 24]);
  });
});
