import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { mergeInto } from "../../lib/cli/lora/merge.ts";
import { writeTinyCheckpoint } from "../../lib/cli/table6/checkpoints.ts";
import { DataError, disposeParams, UsageError } from "../../lib/core/mod.ts";
import type { RestoreRequest } from "../../lib/experiment/mod.ts";
import { decodePhotograph } from "../../lib/image/mod.ts";
import { readLora } from "../../lib/weights/mod.ts";
import { close, goldenPath, tensorTest } from "../support.ts";
import { rewriteLora, writeAdapter } from "./adapters.ts";
import { finish, onPictures, requestIn } from "./requests.ts";

for (const kind of ["flux", "sd15", "sdxl"] as const) {
  tensorTest(
    `restoreFiles() restores with ${kind} and adapters, which must be of this network`,
    onPictures(1, async (folder) => {
      const checkpoint = join(folder, kind), path = join(folder, "lora.safetensors");
      await writeTinyCheckpoint(kind, checkpoint);
      await writeAdapter({ backbone: kind, checkpoint, dtype: "f32" }, path);
      const other = goldenPath(
        kind === "flux" ? "unet/unet_sd15_tiny_lora.safetensors" : "lora/channel_lora.safetensors",
      );
      const request = (loras: string[], out: string) =>
        requestIn(folder, {
          out: join(folder, out),
          network: { run: "", checkpoint, loras, dtype: "f32" },
          settings: { steps: 2, seed: 0, colourFix: "none", tile: 32 },
        });
      const restore = async (
        path: string | undefined,
        out: string,
        changes: Partial<RestoreRequest["network"]> = {},
      ) => {
        const asked = request(path === undefined ? [] : [path], out);
        const { output, events } = await finish({ ...asked, network: { ...asked.network, ...changes } });
        assertEquals([output.made, output.faults], [1, []]);
        const { image } = await decodePhotograph(await Deno.readFile(join(folder, out, "0.png")), out);
        return { data: image.data, notes: events.flatMap((event) => event.kind === "note" ? [event.text] : []) };
      };
      const untrained = "no --lora: published weights alone were not trained to restore";
      const adapted = await restore(path, "adapted");
      if (kind === "flux") {
        const plain = await restore(undefined, "plain");
        assert(plain.notes.includes(untrained) && !adapted.notes.includes(untrained));
        assert(plain.data.some((value, i) => Math.abs(value - adapted.data[i]) > 0.01));
        const peft = join(folder, "peft");
        await rewriteLora(path, peft);
        assertEquals((await restore(peft, "of a folder")).data, adapted.data);
      } else await assertRejects(() => restore(undefined, "plain"), UsageError, "an adapter of conv_in must let");
      const inner = join(folder, "inner.safetensors"); // of blocks alone
      await writeAdapter({ backbone: kind, checkpoint, dtype: "f32" }, inner, /attn/);
      const channel = { conditioning: "channel" } as const;
      const input = kind === "flux" ? "x_embedder" : "conv_in";
      await assertRejects(
        () => restore(inner, "unseen", channel),
        DataError,
        `an adapter of ${input} must let the condition in, which enters on the channels: current value is ${inner}`,
      );
      // Merged weights say so, whatever way the condition enters.
      const merged = join(folder, "merged"), part = kind === "flux" ? "transformer" : "unet";
      const lora = await readLora(path);
      await mergeInto(checkpoint, lora, part, merged, {});
      disposeParams(lora.params);
      const { notes, data } = await restore(undefined, "whole", { checkpoint: merged });
      assert(!notes.includes(untrained), notes.join());
      close(data, adapted.data, 2 / 255);
      await assertRejects(() => finish(request([other], "other")), DataError, other);
      const refuses = async (choice: Partial<RestoreRequest["network"]>, text: string) => {
        const asked = {
          ...request([path], "refused"),
          start: () => Promise.reject(new Error("the engine was started")),
        };
        await assertRejects(() => finish({ ...asked, network: { ...asked.network, ...choice } }), UsageError, text);
      };
      // Spelled out, the defaults are the same result.
      const spelled = kind === "flux" ? { conditioning: "token", guidance: 1 } as const : channel;
      const asked = request([path], "adapted"), network = { ...asked.network, ...spelled, conditionScale: 1 };
      assertEquals((await finish({ ...asked, network })).output, { made: 0, kept: 1, faults: [] });
      await refuses({ conditioning: "channel", conditionScale: 0.5 }, "below 1 the condition must enter as tokens");
      await refuses({ conditionScale: 2 }, "at most 1: current value is 2");
      if (kind === "flux") return;
      await refuses({ conditioning: "token" }, "takes its condition on the channels: current value is token");
      await refuses({ guidance: 3.5 }, "--guidance as this network has no such input: current value is 3.5");
    }),
  );
}
