import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { startEngine } from "../../lib/engine/mod.ts";
import { DataError, readBytes, readJson, sha256Hex, UsageError, writeJson } from "../../lib/core/mod.ts";
import { proceduralImage } from "../../lib/dataset/mod.ts";
import { readImage, resizeBicubic, writePng } from "../../lib/image/mod.ts";
import { type ArtifactSourceSettings, exportTrainingCrops } from "../../lib/experiment/mod.ts";
import { countStages } from "../../lib/experiment/plan.ts";
import { readGivenArtifacts } from "../../lib/experiment/given_artifacts.ts";
import { sourcesOf } from "../../lib/experiment/sources.ts";
import { joinArtifacts } from "../../lib/experiment/stages/artifact_output.ts";
import { readSources } from "../../lib/cli/ablation/sources.ts";
import { inFolder } from "../core/folder.ts";
import { toyPairs } from "../flow/toy.ts";
import { sharedTest } from "../support.ts";
import { runTiny, tinyExperiment } from "./tiny.ts";

/** Outputs of `seesr` for the exported crops: bicubic, with its suffix or in a folder inside. */
async function outputsOf(inputs: string, outputs: string): Promise<void> {
  for await (const { name } of Deno.readDir(inputs)) {
    await writePng(join(outputs, "sample00", name), resizeBicubic((await readImage(join(inputs, name))).image, 4));
  }
}

/** One pair of 64 pixels with one negative. */
async function negativesIn(folder: string, source = "a photograph"): Promise<void> {
  const hr = proceduralImage(5, 0, { width: 64, height: 64 });
  const files = { hr, lr: resizeBicubic(hr, 0.25), bicubic: resizeBicubic(resizeBicubic(hr, 0.25), 4) };
  const hashes: Record<string, string> = {};
  for (const [name, image] of Object.entries(files)) {
    await writePng(join(folder, name, "a.png"), image);
    hashes[name] = sha256Hex(await readBytes(join(folder, name, "a.png")));
  }
  await writeJson(join(folder, "negatives.json"), {
    version: 3,
    seed: 0,
    share: 0.25,
    pairs: [{ id: "set/all/a", name: "set_all_a", hr: "hr/a.png", lr: "lr/a.png", sha256: hashes, source }],
    negatives: [{ pair: "set/all/a", restorer: "bicubic", file: "bicubic/a.png", sha256: hashes.bicubic }],
  });
}

Deno.test("runExperiment() trains on restorers, outputs of other systems and cached negatives instead of its own", () =>
  inFolder(async (folder) => {
    const [root, inputs, seesr, negatives] = ["runs", "inputs", "seesr", "negatives"].map((name) => join(folder, name));
    const arms = ["sobolev-asdpo", "static-euclidean"];
    await startEngine({ engine: "auto", threads: 2, install: false });
    const exported = exportTrainingCrops(tinyExperiment(arms), inputs, new AbortController().signal);
    let step = await exported.next();
    while (!step.done) step = await exported.next();
    assertEquals(step.value, 6); // a quarter of 24
    await outputsOf(inputs, seesr);
    await negativesIn(negatives);
    const sources: ArtifactSourceSettings[] = [
      { kind: "restorer", name: "bicubic" },
      { kind: "outputs", name: "seesr", folder: seesr },
      { kind: "negatives", folder: negatives },
    ];
    const overrides = { sources, seeds: [0] };
    const { results } = await runTiny(root, arms, undefined, overrides);
    assert(arms.every((arm) => results.points.some(({ id }) => id === arm)));
    const said = results.departures.find((sentence) => sentence.startsWith("The artifacts come from"));
    assert(said?.includes("bicubic on the training crops, outputs of seesr in"), said);
    const stages = Array.from(Deno.readDirSync(join(root, "stages")), ({ name }) => name.replace(/-[0-9a-f]{16}$/, ""));
    assertEquals(stages.length, countStages(tinyExperiment(arms, overrides)));
    assertEquals(stages.filter((name) => ["restored", "restorer", "artifacts"].includes(name)), ["restored"]);
    // Another output: the adversary is another, the reference the same.
    const [first] = Array.from(Deno.readDirSync(inputs), ({ name }) => name);
    await writePng(join(seesr, "sample00", first), proceduralImage(6, 0, { width: 32, height: 32 }));
    await runTiny(root, arms, undefined, overrides);
    const after = Array.from(Deno.readDirSync(join(root, "stages")), ({ name }) => name.replace(/-[0-9a-f]{16}$/, ""));
    const count = (name: string) => after.filter((other) => other === name).length;
    assertEquals(["sft", "restored", "adversary", "arm"].map(count), [1, 1, 2, 4]);
  }));

Deno.test("readGivenArtifacts() refuses negatives that were made of a test photograph", () =>
  inFolder(async (folder) => {
    await negativesIn(folder, "tested");
    const overrides = { sources: [{ kind: "negatives", folder }] as const };
    const { settings } = tinyExperiment(undefined, overrides), train = toyPairs(2);
    const read = async (tested: string) => {
      const data = { train: { ...train, size: 32 }, testPhotographs: new Set([tested]) };
      const reading = readGivenArtifacts(settings, data, new AbortController().signal);
      let step = await reading.next();
      while (!step.done) step = await reading.next();
      return step.value!.sets;
    };
    await assertRejects(
      () => read("tested"),
      DataError,
      "kept for testing (--test names others): current value is set/all/a",
    );
    assertEquals((await read("another")).map(({ name }) => name), ["bicubic"]);
  }));

sharedTest("runExperiment() runs the published restorers on its crops, and says which crops are too small", "weights", (
  weights,
) =>
  inFolder(async (folder) => {
    const sources = (name: string): ArtifactSourceSettings[] => [{ kind: "restorer", name }];
    await startEngine({ engine: "auto", threads: 2, install: false });
    await runTiny(folder, ["static-euclidean"], undefined, {
      sources: sources("realesrgan-general@0.5"),
      weights,
      seeds: [0],
    });
    const [restored] = Array.from(Deno.readDirSync(join(folder, "stages")), ({ name }) => name)
      .filter((name) => name.startsWith("restored-"));
    const { images, name } = await readJson(join(folder, "stages", restored, "restored.json")) as Record<
      string,
      unknown
    >;
    assertEquals([name, (images as number[]).length], ["realesrgan-general@0.5", 24]);
    await assertRejects(
      () => runTiny(folder, ["static-euclidean"], undefined, { sources: sources("efdn"), weights, seeds: [0] }),
      Error,
      "must be at least 15: current value is 8",
    );
  }));

Deno.test("joinArtifacts() keeps the hash of the trained sources where there are no others", () => {
  const train = toyPairs(2);
  const set = { name: "a", images: [0, 1], size: 8, pixels: train.hr };
  const trained = { value: [set], hash: "abc", folder: "", commit: "" };
  assertEquals(joinArtifacts(train, trained, [], null), { hash: "abc", pairs: train, sampled: [set], whole: [] });
  const both = joinArtifacts(train, trained, [{ value: set, hash: "def", folder: "", commit: "" }], null);
  assert(both.hash !== "abc" && both.sampled.length === 2);
});

Deno.test("sourcesOf() and readSources() read sources; without any the run trains its own three", () => {
  assertEquals(readSources({}), {});
  assertEquals(sourcesOf(tinyExperiment().settings).trained, ["sharpened", "undertrained", "hallucinated"]);
  const read = readSources({
    artifacts: ["undertrained,realesrgan-general@0.25", "efdn"],
    outputs: ["supir=a,b"],
    negatives: ["c"],
    weights: "w",
  });
  assertEquals(sourcesOf(tinyExperiment(undefined, read).settings), {
    trained: ["undertrained"],
    restorers: ["realesrgan-general@0.25", "efdn"],
    outputs: [{ kind: "outputs", name: "supir", folder: "a,b" }],
    negatives: ["c"],
  });
  assertThrows(() => readSources({ artifacts: ["realesrgan-general@1.5"] }), UsageError, "realesrgan-general@1.5");
  assertThrows(() => readSources({ outputs: ["supir"] }), UsageError, "NAME=DIR");
});
