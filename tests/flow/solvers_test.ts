import { assert, assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import type { VelocityField } from "../../lib/backbones/mod.ts";
import {
  euler,
  heun,
  integrate,
  midpoint,
  sampleEuler,
  sampleHeun,
  sampleMidpoint,
  type Solver,
} from "../../lib/flow/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages } from "./toy.ts";

/** dx/dt = 2 t x + c has the solution exp(t^2) (x0 + c integral of exp(-s^2)). */
const growth: VelocityField = (xt, t, c) => xt.mul(t.reshape([-1, 1, 1, 1])).mul(2).add(c);
const INTEGRAL = 0.746824132812427; // of exp(-s^2) from 0 to 1

function error(solver: Solver, steps: number): number {
  return tf.tidy(() => {
    const x0 = tf.fill([1, 1, 1, 1], 1) as tf.Tensor4D, c = tf.fill([1, 1, 1, 1], 0.5) as tf.Tensor4D;
    const exact = Math.E * (1 + 0.5 * INTEGRAL);
    return Math.abs(integrate(solver, growth, x0, c, steps).dataSync()[0] - exact);
  });
}

for (const [name, solver, order] of [["euler", euler, 1], ["midpoint", midpoint, 2], ["heun", heun, 2]] as const) {
  tensorTest(`${name} converges with order ${order} on an ODE with a known solution`, () => {
    const measured = Math.log2(error(solver, 16) / error(solver, 32));
    assert(Math.abs(measured - order) < 0.15, `order ${measured}`);
  });
}

tensorTest("every solver is exact on the straight path (Eq. 1)", () => {
  const x0 = randomImages(1, [2, 3, 4, 3]), x1 = randomImages(2, [2, 3, 4, 3]);
  const straight: VelocityField = () => x1.sub(x0);
  close(sampleEuler(straight, x0, x1), x1, 1e-5);
  close(sampleMidpoint(straight, x0, x1, 3), x1, 1e-5);
  close(sampleHeun(straight, x0, x1, 3), x1, 1e-5);
});

tensorTest("sampleEuler() takes 28 steps from t = 0 to 27 / 28 unless told otherwise", () => {
  const times: number[] = [];
  const field: VelocityField = (xt, t) => {
    times.push(t.dataSync()[0]);
    return tf.zerosLike(xt);
  };
  const x0 = randomImages(1, [1, 2, 2, 3]);
  sampleEuler(field, x0, x0);
  close(times, Array.from({ length: 28 }, (_, k) => k / 28), 1e-6);
});

tensorTest("integrate() refuses steps that are not a positive integer", () => {
  const x0 = randomImages(1, [1, 2, 2, 3]);
  for (const steps of [0, -1, 2.5, NaN]) {
    assertThrows(() => sampleEuler(growth, x0, x0, steps), RangeError, "positive integer");
  }
});
