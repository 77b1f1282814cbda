import { assert, assertEquals } from "@std/assert";
import { FLUX_DEV } from "../../lib/backbones/mod.ts";
import { benchFlux } from "../../lib/cli/bench/flux_bench.ts";
import { hasPeers } from "../../lib/cli/peers/environment.ts";
import { startEngine, tf } from "../../lib/engine/mod.ts";
import { nativeAvailable } from "../support.ts";

const size = { config: { ...FLUX_DEV, heads: 2, headWidth: 16, axesWidths: [4, 6, 6] as const }, text: 5, side: 4 };

Deno.test({
  name: "benchFlux() gives a row a block, precision and direction, and computes what diffusers computes",
  ignore: !nativeAvailable,
  fn: async () => {
    await startEngine({ engine: "cpu", threads: 2, install: false });
    const before = tf.memory().numTensors, peers = hasPeers();
    const rows = await benchFlux({ size, threads: 2, rounds: 1, peers }); // throws unless numbers agree
    assertEquals(tf.memory().numTensors, before);
    const expected = ["double", "single"].flatMap((kind) =>
      ["float32", "bfloat16"].flatMap((precision) =>
        ["forward", "backward"].map((direction) => `FLUX ${kind} ${precision} ${direction}`)
      )
    );
    assertEquals(rows.map(({ name }) => name), expected);
    for (const { ours, peer } of rows) assert(ours > 0 && (peer !== null) === peers);
  },
});
