import { assert, assertEquals } from "@std/assert";
import {
  estimateFlux,
  estimateUnet,
  FLUX_DEV,
  fluxTensors,
  SD15_UNET,
  unetShapes,
  unetTargets,
} from "../../lib/backbones/mod.ts";
import { writeRandomCheckpoint } from "./programs/random_checkpoint.ts";
import { inFolder } from "../core/folder.ts";
import { runProgram } from "../engine/programs/program.ts";
import { nativeAvailable } from "../support.ts";

const tensors = fluxTensors(FLUX_DEV), run = { batch: 1, tokens: 1536 };

Deno.test("estimateFlux() counts all weights of FLUX.1-dev, or two blocks", () => {
  const resident = estimateFlux(FLUX_DEV, tensors, run, "resident");
  const streamed = estimateFlux(FLUX_DEV, tensors, run, "streamed");
  const weights = resident.parts["weights of the blocks"] + resident.parts["other weights"];
  assertEquals(weights, Object.values(tensors).reduce((sum, { bytes }) => sum + bytes, 0));
  assert(Math.abs(weights / (2 * 11_901_408_320) - 1) < 1e-3);
  assert(Math.abs(streamed.parts["weights of the blocks"] / (2 * 2 * 339_831_296) - 1) < 1e-3);
  assertEquals(resident.bytes, Object.values(resident.parts).reduce((sum, bytes) => sum + bytes, 0));
  const training = estimateFlux(FLUX_DEV, tensors, { ...run, adapterValues: 30e6, trainedValues: 30e6 }, "streamed");
  assertEquals(training.parts["tokens before each block"], 57 * 1536 * 3072 * 4);
  assertEquals(training.parts["gradients and optimizer"] + training.parts.adapters, 7 * 4 * 30e6);
});

Deno.test("estimateUnet() is within a tenth of what SD1.5 took at full width", () => {
  const config = { ...SD15_UNET, inChannels: 8 };
  const values = Object.values(unetTargets(config)).reduce((sum, { in: width, out }) => sum + 16 * (width + out), 0);
  // Peaks of unet_peak.ts in 1e9 bytes; a gradient holds two of the seven copies of the factors that a training does.
  for (
    const [dtype, side, train, peak] of [
      ["float32", 32, false, 4.219],
      ["float32", 64, false, 4.387],
      ["bfloat16", 32, false, 2.675],
      ["bfloat16", 64, false, 2.739],
      ["float32", 32, true, 4.709],
      ["bfloat16", 32, true, 3.22],
      ["bfloat16", 64, true, 3.678],
    ] as const
  ) {
    const tensors = Object.fromEntries(
      Object.entries(unetShapes(config)).map(([name, shape]) => {
        const held = shape.length > 1 ? dtype : "float32";
        const bytes = shape.reduce((size, length) => size * length, held === "bfloat16" ? 2 : 4);
        return [name, { shape, stored: "F32" as const, dtype: held, bytes }];
      }),
    );
    const trained = train ? values : 0;
    const run = { batch: 1, cells: side ** 2, adapterValues: trained, trainedValues: trained };
    const bytes = estimateUnet(config, tensors, run).bytes - 5 * 4 * trained;
    assert(Math.abs(bytes / 1e9 / peak - 1) < 0.1, `${dtype} ${side} ${train}: ${bytes} for ${peak} GB`);
  }
});

Deno.test({
  name: "a streamed run does not hold its weights [native]",
  ignore: !nativeAvailable || Deno.build.os !== "linux",
  fn: async () => {
    await inFolder(async (folder) => {
      const config = { ...FLUX_DEV, heads: 8, doubleBlocks: 10, singleBlocks: 4 }; // 900 MB, two blocks 150 MB
      await writeRandomCheckpoint(folder, config, 250e6);
      const { stdout, stderr } = await runProgram(
        "tests/backbones/programs/run_streamed.ts",
        [
          folder,
          JSON.stringify(config),
          JSON.stringify({ side: 32, textTokens: 64, threads: 2 }),
        ],
        {},
        ["-A"],
      ); // it reads its peak from /proc
      assert(stdout !== "", stderr);
      // At this size the process itself weighs as much as the weights; check_memory.ts compares at full width.
      const { peak, estimate, resident } = JSON.parse(stdout);
      const limit = (estimate + resident) / 2;
      assert(peak < limit, `${peak} bytes at the peak, ${estimate} estimated, ${resident} with all weights`);
    });
  },
});
