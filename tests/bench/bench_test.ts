import { assert, assertEquals } from "@std/assert";
import { bench, type BenchmarkName, type BenchOptions } from "../../lib/cli/bench/bench.ts";
import { hasPeers } from "../../lib/cli/peers/environment.ts";
import { startEngine, tf } from "../../lib/engine/mod.ts";

const sizes = { batch: 2, size: 8, width: 24, images: 2 };
const tiny: BenchOptions = { ...sizes, only: ["sft", "asdpo"], threads: 2, rounds: 1, wasm: true, install: false };
const imageWork: readonly BenchmarkName[] = ["degradation", "metrics", "realesrgan"];

/** Without the native engine there are only the last of each three. */
const names = ["sft traced", "sft eager", "sft wasm", "asdpo traced", "asdpo eager", "asdpo wasm"];

Deno.test("bench() gives one row a step and engine without PyTorch, and leaves no tensor", async () => {
  const lines: string[] = [];
  await startEngine({ engine: "wasm" }); // without an engine there is no count
  const before = tf.memory().numTensors;
  const rows = await bench({ ...tiny, peers: false, onProgress: (line) => lines.push(line) });
  assertEquals(tf.memory().numTensors, before);
  assertEquals(rows.map(({ name }) => name), rows.length === 6 ? names : names.filter((name) => /wasm/.test(name)));
  for (const row of rows) {
    assertEquals(Object.keys(row), ["name", "ours", "peer", "unit", "ratio", "against"]);
    assert(row.ours > 0);
    assertEquals([row.peer, row.unit, row.ratio, row.against], [null, "ms/step", null, null]);
  }
  assert(lines.some((line) => line.includes("deno task peers:setup")), "the missing comparison is not explained");
});

Deno.test({
  name: "bench() computes what PyTorch computes on every engine, and compares the times",
  ignore: !hasPeers(),
  fn: async () => {
    const rows = await bench(tiny); // throws unless loss and gradient norm agree
    for (const { ours, peer, ratio } of rows) {
      assert(peer !== null && ratio !== null && peer > 0);
      assert(Math.abs(ratio - ours / peer) <= 0.01 * ratio);
    }
  },
});

Deno.test("bench() measures image work without the peers, and names the unit", async () => {
  await startEngine({ engine: "wasm" });
  const before = tf.memory().numTensors;
  const rows = await bench({ ...tiny, only: imageWork, peers: false });
  assertEquals(tf.memory().numTensors, before);
  assertEquals(rows.slice(0, 2).map(({ unit }) => unit), ["ms/image", "ms/megapixel"]);
  assert(rows.slice(2).every(({ name, unit }) => /^Real-ESRGAN.*(traced|wasm)$/.test(name) && unit === "ms/image"));
  assert(rows.length >= 3 && rows.every(({ ours, peer }) => ours > 0 && peer === null));
});

Deno.test({
  name: "bench() degrades, measures and restores images as the peers do, and says what stands in for what",
  ignore: !hasPeers(),
  fn: async () => {
    const rows = await bench({ ...tiny, only: imageWork }); // throws unless the numbers agree
    assert(rows.length >= 3 && rows.every(({ ratio }) => ratio !== null && ratio > 0));
    for (const { against } of rows.slice(0, 2)) assert(against?.includes("a stand-in for"), against ?? "nobody");
    assert(rows.slice(2).every(({ against }) => /^PyTorch [\d.+a-z]+$/.test(against ?? "")));
  },
});
