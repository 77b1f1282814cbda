import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { rng, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import type { VelocityField } from "../../lib/backbones/mod.ts";
import {
  artifactNegatives,
  buildRolloutBank,
  coupledNegative,
  drawPairedBatch,
  rolloutNegatives,
  rolloutNoise,
} from "../../lib/adversary/mod.ts";
import { linearPath, sampleEuler } from "../../lib/flow/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages, toyBackbone, toyPairs } from "../flow/toy.ts";

const SHAPE: [number, number, number, number] = [3, 4, 4, 3];

tensorTest("coupledNegative() predicts the adversary's image and puts it on the winner's noise (Eqs. 16-17)", () => {
  const [x0, x1, c] = [1, 2, 3].map((seed) => randomImages(seed, SHAPE));
  const t = tf.tensor1d([0.1, 0.5, 0.9]);
  const toCondition: VelocityField = (xt, time) => c.sub(xt).div(tf.sub(1, time).reshape([3, 1, 1, 1]));
  const negative = coupledNegative(toCondition, linearPath(x0, x1, t).xt, x0, t, c);
  close(negative.x1, c, 1e-5);
  const expected = linearPath(x0, c, t);
  close(negative.xt, expected.xt, 1e-5);
  close(negative.u, expected.u, 1e-5);
});

tensorTest("coupledNegative() of a perfect field is the winner itself", () => {
  const [x0, x1] = [1, 2].map((seed) => randomImages(seed, SHAPE));
  const t = tf.tensor1d([0.001, 0.5, 0.999]);
  const { xt, u } = linearPath(x0, x1, t);
  const negative = coupledNegative(() => u, xt, x0, t, x1);
  close(negative.xt, xt, 1e-5);
  close(negative.u, u, 1e-5);
});

const sets = [
  { name: "a", images: [0, 2], size: 4, pixels: Float32Array.from({ length: 96 }, (_, at) => at) },
  { name: "b", images: [2, 3], size: 4, pixels: Float32Array.from({ length: 96 }, (_, at) => 100 + at) },
];

Deno.test("artifactNegatives() draws an image's outputs from the restorers that have it", () => {
  const source = artifactNegatives(sets);
  assertEquals(source.images, [0, 2, 3]);
  const firsts = (image: number) =>
    new Set(Array.from({ length: 40 }, (_, k) => source.draw(image, rng(0, "test", k)).x1[0]));
  assertEquals(firsts(0), new Set([0]));
  assertEquals([...firsts(2)].sort((a, b) => a - b), [48, 100]);
  assertEquals(firsts(3), new Set([148]));
  assertEquals(source.draw(0, rng(0, "test")).x0, null);
  assertThrows(() => source.draw(1, rng(0, "test")), RangeError, "image 1");
  assertThrows(() => artifactNegatives([]), RangeError, "at least one");
});

tensorTest("buildRolloutBank() keeps samples whose own noise can be drawn again", async () => {
  using scope = tensorScope();
  const params = scope.own(toyBackbone.init(0));
  const field = toyBackbone.velocity(params);
  const pairs = toyPairs(5);
  const reported: number[] = [];
  const onStep = (done: number, total: number) => reported.push(done / total);
  const bank = await buildRolloutBank({
    field,
    pairs,
    images: [4, 1, 3],
    draws: 2,
    steps: 3,
    seed: 7,
    batchSize: 2,
    onStep,
  });
  assertEquals(bank.images, [1, 3, 4]);
  assertEquals([reported.length, reported[11]], [12, 1]);
  const own = rolloutNegatives(bank, "own"), fresh = rolloutNegatives(bank, "fresh");
  const values = 8 * 8 * 3;
  for (const image of bank.images) {
    const { x1, x0 } = own.draw(image, rng(0, "test", image));
    assert(x0 !== null);
    const c = pairs.condition.subarray(image * values, (image + 1) * values);
    tf.tidy(() => {
      const [noise, condition] = [x0, c].map((data) => tf.tensor4d(data, [1, 8, 8, 3]));
      close(sampleEuler(field, noise, condition, 3), x1, 1e-5);
    });
    assertEquals(fresh.draw(image, rng(0, "test", image)), { x1, x0: null });
  }
  assertEquals(rolloutNoise(bank, 3, 1), rolloutNoise({ seed: 7, size: 8 }, 3, 1));
  assertThrows(() => own.draw(0, rng(0, "test")), RangeError, "image 0");
  await assertRejects(() => buildRolloutBank({ field, pairs, images: [], seed: 0 }), RangeError, "an image");
});

tensorTest("drawPairedBatch() uses a negative's own noise, and keyed fresh noise otherwise", async () => {
  using scope = tensorScope();
  const params = scope.own(toyBackbone.init(0));
  const pairs = toyPairs(5);
  const bank = await buildRolloutBank({
    field: toyBackbone.velocity(params),
    pairs,
    images: [2],
    draws: 1,
    steps: 1,
    seed: 0,
  });
  tf.tidy(() => {
    const key = { seed: 1, purpose: "test", step: 0, micro: 0, batchSize: 3 };
    const own = drawPairedBatch(pairs, rolloutNegatives(bank, "own"), key, "uniform");
    for (const row of [0, 1, 2]) close(own.x0.slice(row, 1), rolloutNoise(bank, 2, 0), 0);
    const fresh = drawPairedBatch(pairs, rolloutNegatives(bank, "fresh"), key, "uniform");
    close(fresh.loser, own.loser, 0);
    close(fresh.t, own.t, 0);
    assert(fresh.x0.notEqual(own.x0).all().dataSync()[0] === 1);
    const second = drawPairedBatch(
      pairs,
      rolloutNegatives(bank, "fresh"),
      { ...key, micro: 1, batchSize: 1 },
      "uniform",
    );
    close(second.x0, fresh.x0.slice(1, 1), 0);
  });
});
