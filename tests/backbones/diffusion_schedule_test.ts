import { assertEquals } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { alphasCumprod, timeOfTimestep, timestepOf } from "../../lib/backbones/mod.ts";
import { close, goldenPath, tensorTest } from "../support.ts";

Deno.test("alphasCumprod() equals diffusers", () => {
  // DDPMScheduler of diffusers 0.42.1, which multiplies in float32
  const golden = JSON.parse(Deno.readTextFileSync(goldenPath("schedulers/ddpm.json")));
  const alphas = alphasCumprod();
  assertEquals(alphas.length, 1000);
  close(golden.alphas_cumprod_idx.map((k: number) => alphas[k]), golden.alphas_cumprod, 1e-6);
  close(alphas[0], golden.ddim_final_alpha_cumprod, 1e-6);
});

tensorTest("timestepOf() inverts timeOfTimestep() for every timestep", () => {
  const timesteps = Array.from({ length: 1000 }, (_, k) => k);
  close(timestepOf(tf.tensor1d(timesteps.map(timeOfTimestep))), timesteps, 0);
});

tensorTest("timestepOf() rounds times between timesteps and keeps 0 and 1 in the table", () => {
  close(
    timestepOf(tf.tensor1d([0, 0.0004, 0.0006, 0.5, 0.9984, 0.9986, 0.9996, 1])),
    [999, 999, 998, 499, 1, 0, 0, 0],
    0,
  );
});
