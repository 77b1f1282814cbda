import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DataError, disposeParams, UsageError } from "../../lib/core/mod.ts";
import { mergeInto } from "../../lib/cli/lora/merge.ts";
import { type AdapterOrigin, commonOrigin, loraRecord, originText } from "../../lib/experiment/mod.ts";
import { originOf } from "../../lib/experiment/training/adapter_origin.ts";
import { decodePhotograph } from "../../lib/image/mod.ts";
import { readLora, writeLora } from "../../lib/weights/mod.ts";
import { pictureFile } from "../cli/photographs.ts";
import { inFolder } from "../core/folder.ts";
import { finish as finishRestore, requestIn } from "../restore/requests.ts";
import { goldenPath, tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

const plain: AdapterOrigin = {
  backbone: "flux",
  stages: ["sft"],
  size: 32,
  conditioning: "token",
  conditionScale: 1,
  guidance: 1,
};

tensorTest("an adapter says how it was trained, and is used in this way unless it is told otherwise", async () => {
  await inFolder(async (folder) => {
    const places = await prepareTiny(folder, "flux"), settings = tinySettings("flux", { conditionScale: 0.5 });
    const request = tinyRequest(settings, { ...places, out: join(folder, "out") });
    const { output } = await finish({ ...request, stages: ["sft", "adversary"] });
    const sft = output.sft!.path, origin = { ...plain, conditionScale: 0.5 };
    assertEquals((await loraRecord(sft)).origin, origin);

    const restore = async (out: string, loras: string[], choice = {}) => {
      const network = { run: "", checkpoint: places.checkpoint, loras, dtype: "f32", ...choice } as const;
      const asked = requestIn(folder, { out: join(folder, out), network });
      const { events } = await finishRestore(asked);
      const { image } = await decodePhotograph(await Deno.readFile(join(asked.out, "0.png")), out);
      return { data: image.data, notes: events.flatMap((event) => event.kind === "note" ? [event.text] : []) };
    };
    await Deno.mkdir(join(folder, "in"));
    await Deno.writeFile(join(folder, "in", "0.png"), await pictureFile(0, 12));
    const own = await restore("own", [sft]);
    assert(
      own.notes.includes(`${sft}: SFT at 32 px, flux, the condition on the tokens at scale 0.5`),
      own.notes.join("\n"),
    );
    assert(own.notes.some((note) => note.includes("tiles of 32 px")));
    assertEquals((await restore("half", [sft], { conditionScale: 0.5 })).data, own.data);
    const whole = await restore("whole", [sft], { conditionScale: 1 });
    assert(whole.data.some((value, i) => Math.abs(value - own.data[i]) > 1 / 255));
    const { notes } = await restore("adversary", [output.adversary!.path]);
    assert(notes.some((note) => note.endsWith("; an adversary imitates restorers and is none to use")));

    // Weights with the adapter in them say the same.
    const lora = await readLora(sft), merged = join(folder, "merged");
    await mergeInto(places.checkpoint, lora, "transformer", merged, { header: () => lora.header });
    disposeParams(lora.params);
    const again = await restore("again", [], { checkpoint: merged });
    assert(again.notes.some((note) => note.includes("tiles of 32 px")));
    const far = (from: typeof own) =>
      again.data.reduce((sum, value, i) => sum + Math.abs(value - from.data[i]), 0) / again.data.length;
    assert(far(own) < 0.1 * far(whole), `${far(own)}, ${far(whole)}`);

    const swapped = { ...request, stages: ["asdpo"] as const, given: { sft: output.adversary!.path } };
    await assertRejects(() => finish(swapped), UsageError, "it must be of this stage: current value is adversary");
  });
}, { engines: ["native"] });

tensorTest("an origin is kept by every layout, common to adapters that took the condition in one way", async () => {
  await inFolder(async (folder) => {
    const origin: AdapterOrigin = { ...plain, stages: ["asdpo"], size: 64 };
    const lora = await readLora(goldenPath("lora/sft_alpha_keys.safetensors"));
    for (const format of ["diffusers", "kohya", "peft"] as const) {
      const path = join(folder, format === "peft" ? "peft" : `${format}.safetensors`);
      await writeLora(path, lora, lora.network, { format, header: originText(origin) });
      assertEquals((await loraRecord(path)).origin, origin);
    }
    disposeParams(lora.params);
  });
  const record = (path: string, changes: Partial<AdapterOrigin> = {}) => ({ path, origin: { ...plain, ...changes } });
  const unknown = { path: "c", origin: null };
  assertEquals(commonOrigin([unknown]), null);
  for (const order of [["sft", "asdpo"], ["asdpo", "sft"]] as const) {
    const several = order.map((stage) => record(stage, { stages: [stage] }));
    assertEquals(commonOrigin([unknown, ...several])?.stages, ["sft", "asdpo"]);
  }
  const ways = [{ conditionScale: 0.5 }, { conditioning: "channel" }, { guidance: 3.5 }, { backbone: "sd15" }] as const;
  for (const way of ways) assertThrows(() => commonOrigin([record("a"), record("b", way)]), UsageError, "a (flux, the");
  for (const asasr of ["x", "{}", JSON.stringify({ ...plain, size: 0 })]) {
    assertThrows(
      () => originOf("file", { asasr }),
      DataError,
      `must say how it was trained: current value is ${asasr}`,
    );
  }
  assertEquals(originOf("file", {}), null);
});
