import { assert, assertRejects, assertThrows } from "@std/assert";
import { StoppedError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  closedFormPerturbation,
  energyGradient,
  fixedTarget,
  freeAdversary,
  movingTarget,
  onSphere,
  type ResidualEnergy,
  residualEnergy,
  sobolevCosine,
} from "../../lib/adversary/mod.ts";
import { linearPath } from "../../lib/flow/mod.ts";
import { idct2, sobolevNorm } from "../../lib/sobolev/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages, toyBackbone } from "../flow/toy.ts";

const SHAPE: [number, number, number, number] = [2, 8, 8, 3];

/** States on a path with the residual energy of the toy network there. */
function problem(): { xt: tf.Tensor4D; energy: ResidualEnergy; made: tf.Tensor[] } {
  const params = toyBackbone.init(0);
  const t = tf.tensor1d([0.3, 0.6]);
  const [x0, x1, c] = [1, 2, 3].map((seed) => randomImages(seed, SHAPE));
  const { xt, u } = linearPath(x0, x1, t);
  const energy = residualEnergy(toyBackbone.velocity(params), fixedTarget(u), t, c);
  return { xt, energy, made: [...Object.values(params), t, x0, x1, c, xt, u] };
}

/** Products in L2. `[B]` */
const dot = (f: tf.Tensor, g: tf.Tensor): tf.Tensor1D => f.mul(g).sum([1, 2, 3]);

for (const s of [0, 0.5, 1.5]) {
  tensorTest(`closedFormPerturbation() has H^s norm epsilon, s = ${s} (Eqs. 19, 36)`, () => {
    const gradient = randomImages(1, SHAPE);
    for (const unit of ["index", "rad"] as const) {
      const delta = closedFormPerturbation(gradient, { epsilon: 0.3, s, unit });
      close(sobolevNorm(delta, s, { unit }), [0.3, 0.3], { relative: 1e-5 });
    }
  });

  tensorTest(`closedFormPerturbation() beats 1,000 random directions and the L2 gradient, s = ${s} (Prop. 4.1)`, () => {
    const { xt, energy } = problem();
    const gradient: tf.Tensor4D = energyGradient(energy, xt).slice([0, 0, 0, 0], [1, -1, -1, -1]);
    const ball = { epsilon: 0.05, s };
    const best = dot(gradient, closedFormPerturbation(gradient, ball)).dataSync()[0];
    const scaled = (f: tf.Tensor4D): tf.Tensor4D => f.mul(ball.epsilon).div(sobolevNorm(f, s).reshape([-1, 1, 1, 1]));
    const steepest = dot(gradient, scaled(gradient.neg())).dataSync()[0];
    assert(s === 0 ? Math.abs(best / steepest - 1) < 1e-4 : best < 1.05 * steepest, `${best} and ${steepest}`);
    const white = randomImages(9, [1000, 8, 8, 3]);
    for (const random of [onSphere(white, ball), scaled(white)]) {
      close(sobolevNorm(random, s), tf.fill([1000], ball.epsilon), { relative: 1e-4 });
      assert(best < dot(gradient, random).min().dataSync()[0], "a random direction is better");
    }
  });
}

tensorTest("the closed form lowers the energy by the predicted amount for a small ball (Eq. 31)", () => {
  const { xt, energy } = problem();
  const gradient = energyGradient(energy, xt);
  const delta = closedFormPerturbation(gradient, { epsilon: 0.05, s: 0.5 });
  const actual = energy(xt.add(delta)).sub(energy(xt));
  close(actual, dot(gradient, delta), { relative: 0.02 });
});

tensorTest("onSphere() keeps zero at zero, with a finite gradient", () => {
  const ball = { epsilon: 0.1, s: 1.5 };
  const zero = tf.zeros<tf.Rank.R4>([1, 4, 4, 1]);
  close(onSphere(zero, ball), zero, 0);
  const slope = tf.grad((z) => onSphere(z as tf.Tensor4D, ball).sum())(zero);
  assert(slope.isFinite().all().dataSync()[0] === 1);
  close(closedFormPerturbation(zero, ball), zero, 0);
  assertThrows(() => onSphere(zero, { epsilon: 0, s: 1 }), RangeError, "radius");
  assertThrows(() => closedFormPerturbation(zero, { epsilon: -1, s: 1 }), RangeError, "radius");
});

tensorTest("sobolevCosine() is 1, -1 and 0 where it must be", () => {
  const f = randomImages(1, SHAPE);
  close(sobolevCosine(f, f.mul(3), 1.5), [1, 1], 1e-5);
  close(sobolevCosine(f, f.neg(), 1.5), [-1, -1], 1e-5);
  const modes = [5, 11].map((at) => idct2(tf.oneHot(at, 16).reshape<tf.Tensor4D>([1, 4, 4, 1]).toFloat()));
  close(sobolevCosine(modes[0], modes[1], 1.5), [0], 1e-6);
});

tensorTest("energyGradient() of a linear field is the one on paper, for both targets (Eq. 30)", () => {
  const [x, x1] = [randomImages(1, SHAPE), randomImages(2, SHAPE)];
  const t = tf.tensor1d([0.2, 0.5]);
  const field = (xt: tf.Tensor4D): tf.Tensor4D => xt.mul(0.7);
  const fixed = residualEnergy(field, fixedTarget(x1), t, x);
  close(energyGradient(fixed, x), x.mul(0.7).sub(x1).mul(2 * 0.7), 1e-4);
  const inverse = tf.tensor4d([1 / 0.8, 1 / 0.5], [2, 1, 1, 1]);
  const moving = residualEnergy(field, movingTarget(x1, t), t, x);
  const residual = x.mul(0.7).sub(x1.sub(x).mul(inverse));
  close(energyGradient(moving, x), residual.mul(2).mul(inverse.add(0.7)), 1e-3);
});

for (const [s, epsilon] of [[1.5, 0.05], [1.5, 0.5], [0, 0.05]]) {
  tensorTest(`freeAdversary() finds the closed form, s = ${s}, epsilon = ${epsilon} (Prop. 4.2)`, async () => {
    using scope = tensorScope();
    const { xt, energy, made } = problem();
    scope.own(made);
    const ball = { epsilon, s };
    const found = scope.own(await freeAdversary(energy, xt, ball));
    const norms = scope.own(sobolevNorm(found, s));
    close(norms, [epsilon, epsilon], { relative: 1e-4 });
    const closed = scope.own(tf.tidy(() => closedFormPerturbation(energyGradient(energy, xt), ball)));
    const cosine = scope.own(sobolevCosine(found, closed, s)).dataSync();
    assert(cosine.every((value) => value > 0.99), `cosines ${cosine}`);
  });
}

tensorTest("freeAdversary() stops at its signal and refuses a ball without radius", async () => {
  using scope = tensorScope();
  const { xt, energy, made } = problem();
  scope.own(made);
  const signal = AbortSignal.abort();
  await assertRejects(() => freeAdversary(energy, xt, { epsilon: 1, s: 1, signal }), StoppedError, "step 0 of 60");
  await assertRejects(() => freeAdversary(energy, xt, { epsilon: 0, s: 1 }), RangeError, "radius");
});
