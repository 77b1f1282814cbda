import { assertRejects, assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { timeOfTimestep, type VelocityField } from "../../lib/backbones/mod.ts";
import {
  ddim,
  diffusionGrid,
  diffusionTimesteps,
  euler,
  eulerDiscrete,
  flowMatchGrid,
  fluxShift,
  mixtureAt,
  sample,
  variancePreservingPath,
} from "../../lib/flow/mod.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath, tensorTest } from "../support.ts";
import { randomImages } from "./toy.ts";

// Schedulers of diffusers 0.42.1 on PyTorch 2.15.0
const flow = JSON.parse(Deno.readTextFileSync(goldenPath("schedulers/flow_match_euler.json")));
const diffusion = JSON.parse(Deno.readTextFileSync(goldenPath("schedulers/ddpm.json")));
const tensors = readFixture(goldenPath("schedulers/ddpm_io.safetensors"));

function tensor(name: string): tf.Tensor {
  const { shape, data } = fixtureArray(tensors, name);
  return tf.tensor(Float32Array.from(data), [...shape]);
}

/** `[B, C, H, W] -> [B, H, W, C]` */
function image(name: string): tf.Tensor4D {
  return tensor(name).transpose([0, 2, 3, 1]);
}

/** The times of timesteps. `[B]` */
function timesOf(timesteps: tf.Tensor): tf.Tensor1D {
  return tf.tensor1d(Array.from(timesteps.dataSync(), timeOfTimestep));
}

Deno.test("flowMatchGrid() equals diffusers with FLUX's dynamic shift", () => {
  for (const { steps, image_seq_len: tokens, mu, sigmas, timesteps } of flow.dynamic) {
    close(fluxShift(tokens), mu, 1e-12);
    const sigma = flowMatchGrid(steps, { mu }).map((t) => 1 - t);
    close(sigma, sigmas, 1e-6);
    close(sigma.slice(0, -1).map((level) => 1000 * level), timesteps, { relative: 1e-6 });
  }
});

Deno.test("flowMatchGrid() equals diffusers with static shifts", () => {
  for (const { steps, shift, sigmas } of flow.static) {
    close(flowMatchGrid(steps, { shift }).map((t) => 1 - t), sigmas, 1e-6);
  }
});

tensorTest("euler() takes diffusers' flow-match step: time and velocity change their signs together", () => {
  const { shape: [B, H, W], sample: state, velocity, sigma, sigma_next: next, prev_sample: expected } = flow.step;
  const x: tf.Tensor4D = tf.tensor4d(state, [B, H, W, 1]);
  const field: VelocityField = () => tf.tensor4d(velocity, [B, H, W, 1]).neg();
  close(euler(field, x, tf.scalar(1 - sigma), tf.scalar(sigma - next), x), expected, 1e-6);
});

tensorTest("variancePreservingPath adds noise as diffusers does", () => {
  const x1 = image("in.x0"), x0 = image("in.noise"), t = timesOf(tensor("in.timesteps")); // diffusers' x0 is the image
  const { xt, u } = variancePreservingPath.point(x0, x1, t);
  close(xt, image("out.add_noise"), 1e-6);
  close(u, x0, 0);
  const { image: signal, noise } = mixtureAt(t);
  const [a, b] = [signal, noise].map((factor) => factor.reshape([-1, 1, 1, 1]));
  close(x0.mul(a).sub(x1.mul(b)), image("out.velocity"), 1e-6);
});

tensorTest("variancePreservingPath finds the image from the right noise at every time (Eq. 16)", () => {
  const x0 = randomImages(1, [4, 2, 3, 4]), x1 = randomImages(2, [4, 2, 3, 4]), t = tf.tensor1d([0.001, 0.3, 0.9, 1]);
  const { xt, u } = variancePreservingPath.point(x0, x1, t);
  close(variancePreservingPath.predictEnd(xt, u, t), x1, 2e-5); // divided by 0.068 at t = 0.001
});

tensorTest("variancePreservingPath refuses shapes that disagree", () => {
  const x0 = randomImages(1, [2, 2, 4, 3]), x1 = randomImages(2, [2, 4, 2, 3]), t = tf.tensor1d([0, 1]);
  assertThrows(() => variancePreservingPath.point(x0, x1, t), RangeError);
  assertThrows(() => variancePreservingPath.predictEnd(x0, x0, tf.tensor1d([0])), RangeError);
});

Deno.test("diffusionTimesteps() are those of DDIM and Euler's method in diffusers", () => {
  close(diffusionTimesteps(28), diffusion.ddim_28, 0);
  close(diffusionTimesteps(28), diffusion.euler_28_timesteps, 0);
  close(diffusionTimesteps(1000).slice(0, 3), [999, 999, 998], 0);
});

tensorTest("the noise levels of diffusionGrid() are those of Euler's method in diffusers", () => {
  const times = tf.tensor1d(diffusionGrid(28).slice(0, -1));
  const { image, noise } = mixtureAt(times);
  const golden = diffusion.euler_28_sigmas.slice(0, -1);
  close(noise.div(image), golden, { relative: 1e-6 });
  const first = tf.slice(noise.div(image), 0, 1).square().add(1).sqrt();
  close(first, diffusion.euler_init_noise_sigma, { relative: 1e-6 });
});

tensorTest("ddim() takes diffusers' step", () => {
  const [from, to] = [diffusion.ddim_step_timestep, diffusion.ddim_prev_timestep].map(timeOfTimestep);
  const x = image("in.ddim_sample");
  const stepped = ddim(() => image("in.ddim_model_output"), x, tf.scalar(from), tf.scalar(to - from), x);
  close(stepped, image("out.ddim_prev"), 1e-6);
});

tensorTest("ddim() and eulerDiscrete() differ in the last step alone: the latter ends without noise", () => {
  const x0 = randomImages(1, [2, 2, 3, 4]), x1 = randomImages(2, [2, 2, 3, 4]);
  const right: VelocityField = () => x0;
  const at = (t: number) => variancePreservingPath.point(x0, x1, tf.fill([2], t) as tf.Tensor1D).xt;
  const [t, next, last] = [946, 911, 1].map(timeOfTimestep);
  for (const solver of [ddim, eulerDiscrete]) {
    close(solver(right, at(t), tf.scalar(t), tf.scalar(next - t), x0), at(next), 2e-5);
  }
  close(ddim(right, at(last), tf.scalar(last), tf.scalar(1 - last), x0), at(1), 2e-6);
  close(eulerDiscrete(right, at(last), tf.scalar(last), tf.scalar(1 - last), x0), x1, 2e-6);
});

tensorTest("sample() follows a grid of times to the image", async () => {
  const x0 = randomImages(1, [2, 2, 3, 4]), x1 = randomImages(2, [2, 2, 3, 4]);
  const field: VelocityField = (xt) => tf.zerosLike(xt).add(x0);
  const times = diffusionGrid(4);
  const start = tf.tidy(() => variancePreservingPath.point(x0, x1, tf.fill([2], times[0]) as tf.Tensor1D).xt);
  const end = await sample({ field, solver: eulerDiscrete, x0: start, c: x0, times });
  close(end, x1, 5e-5);
  tf.dispose([x0, x1, start, end]);
});

tensorTest("sample() refuses times that do not rise to 1 or are not one more than the steps", async () => {
  const x0 = randomImages(1, [1, 2, 2, 3]);
  for (const [steps, times] of [[2, [0, 1]], [2, [0, 0.5, 0.9]], [2, [0, 0.6, 0.5]], [2, [0.5, 0.5, 1]]] as const) {
    await assertRejects(
      () => sample({ field: (xt) => xt.clone(), x0, c: x0, steps, times }),
      RangeError,
      "times must rise",
    );
  }
  x0.dispose();
});

Deno.test("the grids refuse steps and shifts that make no sense", () => {
  assertThrows(() => flowMatchGrid(0, { mu: 1 }), RangeError, "positive integer");
  assertThrows(() => flowMatchGrid(4, { shift: 0 }), RangeError, "must be positive");
  assertThrows(() => diffusionTimesteps(1001), RangeError, "there are 1000");
  assertThrows(() => diffusionGrid(1.5), RangeError, "positive integer");
});
