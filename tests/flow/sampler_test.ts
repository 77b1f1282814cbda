import { assertEquals, assertRejects } from "@std/assert";
import { StoppedError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import type { VelocityField } from "../../lib/backbones/mod.ts";
import {
  heun,
  mix,
  posteriorMean,
  sample,
  sampleEuler,
  sampleHeun,
  samplePosteriorMean,
  traceSampler,
} from "../../lib/flow/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages, toyBackbone } from "./toy.ts";

tensorTest("sample() in batches equals the pure sampler, also where the last batch is smaller", async () => {
  using scope = tensorScope();
  const params = scope.own(toyBackbone.init(0));
  const field = toyBackbone.velocity(params);
  const x0 = scope.own(randomImages(1, [5, 4, 4, 3])), c = scope.own(randomImages(2, [5, 4, 4, 3]));
  const counted: number[][] = [];
  const onStep = (done: number, total: number) => counted.push([done, total]);
  const x = scope.own(await sample({ field, x0, c, steps: 3, batchSize: 2, onStep }));
  close(x, scope.own(sampleEuler(field, x0, c, 3)), 1e-5);
  assertEquals(counted, Array.from({ length: 9 }, (_, k) => [k + 1, 9]));
  const one = scope.own(await sample({ field, solver: heun, x0, c, steps: 2, batchSize: 64 }));
  close(one, scope.own(sampleHeun(field, x0, c, 2)), 1e-5);
});

tensorTest("traceSampler() serves several step counts", async () => {
  using scope = tensorScope();
  const params = scope.own(toyBackbone.init(0));
  const field = toyBackbone.velocity(params);
  const x0 = scope.own(randomImages(1, [4, 4, 4, 3])), c = scope.own(randomImages(2, [4, 4, 4, 3]));
  using sampler = traceSampler(field);
  for (const steps of [1, 2, 5]) {
    const x = scope.own(await sampler.sample({ x0, c, steps, batchSize: 2 }));
    close(x, scope.own(sampleEuler(field, x0, c, steps)), 1e-5);
  }
});

tensorTest("sample() stops at the signal and leaves nothing behind", async () => {
  using scope = tensorScope();
  const x0 = scope.own(randomImages(1, [4, 4, 4, 3]));
  const stop = new AbortController();
  const still: VelocityField = (xt) => tf.zerosLike(xt);
  const onStep = (done: number) => {
    if (done === 3) stop.abort();
  };
  await assertRejects(
    () => sample({ field: still, x0, c: x0, steps: 2, batchSize: 2, signal: stop.signal, onStep }),
    StoppedError,
    "step 3 of 4",
  );
  await assertRejects(() => sample({ field: still, x0, c: x0, steps: 1.5 }), RangeError);
  await assertRejects(() => sample({ field: still, x0, c: x0, steps: 1, batchSize: 0 }), RangeError);
});

/** The exact field where the image is the condition: at t = 0 it leads to the mean whatever the noise. */
const exact: VelocityField = (xt, t, c) => c.sub(xt).div(tf.sub(1, t).reshape([-1, 1, 1, 1]));

tensorTest("posteriorMean() of an exact field is the mean, from any noise", async () => {
  using scope = tensorScope();
  const c = scope.own(randomImages(1, [3, 2, 2, 3]));
  const noises = [2, 3].map((seed) => scope.own(randomImages(seed, [3, 2, 2, 3])));
  close(scope.own(posteriorMean(exact, noises, c)), c, 1e-6);
  using sampler = traceSampler(exact);
  close(scope.own(await samplePosteriorMean(sampler, noises, { c, batchSize: 2 })), c, 1e-6);
  await assertRejects(() => samplePosteriorMean(sampler, [], { c }), RangeError, "at least one draw");
});

tensorTest("posteriorMean() averages the one-step predictions of its draws", () => {
  const field = toyBackbone.velocity(toyBackbone.init(0));
  const c = randomImages(1, [2, 2, 2, 3]), noises = [2, 3, 4].map((seed) => randomImages(seed, [2, 2, 2, 3]));
  const steps = noises.map((x0) => sampleEuler(field, x0, c, 1));
  close(posteriorMean(field, noises, c), tf.addN(steps).div(3), 1e-6);
});

tensorTest("mix() runs from the mean to the sample", () => {
  const x = randomImages(1, [1, 2, 2, 3]), m = randomImages(2, [1, 2, 2, 3]);
  close(mix(x, m, 1), x, 0);
  close(mix(x, m, 0), m, 0);
  close(mix(x, m, 0.8), x.mul(0.8).add(m.mul(0.2)), 1e-6);
});
