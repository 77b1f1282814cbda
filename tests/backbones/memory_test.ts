import { assert, assertEquals } from "@std/assert";
import { estimateFlux, FLUX_DEV, fluxTensors } from "../../lib/backbones/mod.ts";
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
