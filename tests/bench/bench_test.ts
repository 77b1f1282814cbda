import { assert, assertEquals } from "@std/assert";
import { bench, type BenchOptions } from "../../lib/cli/bench/bench.ts";
import { hasPeers } from "../../lib/cli/peers/environment.ts";
import { startEngine, tf } from "../../lib/engine/mod.ts";

const tiny: BenchOptions = { batch: 2, size: 8, width: 24, threads: 2, rounds: 1, wasm: true, install: false };

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
    assertEquals(Object.keys(row), ["name", "ours", "peer", "unit", "ratio"]);
    assert(row.ours > 0);
    assertEquals([row.peer, row.unit, row.ratio], [null, "ms", null]);
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
