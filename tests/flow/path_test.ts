import { assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { flowMatchingLoss, frozen, linearPath, predictEnd } from "../../lib/flow/mod.ts";
import { sobolevWeights } from "../../lib/sobolev/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages, toyBackbone } from "./toy.ts";

tensorTest("linearPath() interpolates from noise at 0 to image at 1 (Eq. 1)", () => {
  const x0 = randomImages(1, [3, 2, 4, 3]), x1 = randomImages(2, [3, 2, 4, 3]);
  const { xt, u } = linearPath(x0, x1, tf.tensor1d([0, 0.25, 1]));
  close(xt.slice(0, 1), x0.slice(0, 1), 0);
  close(xt.slice(1, 1), x0.slice(1, 1).mul(0.75).add(x1.slice(1, 1).mul(0.25)), 1e-6);
  close(xt.slice(2, 1), x1.slice(2, 1), 0);
  close(u, x1.sub(x0), 0);
});

tensorTest("predictEnd() finds the image along its own velocity from every time (Eq. 16)", () => {
  const x0 = randomImages(1, [3, 2, 4, 3]), x1 = randomImages(2, [3, 2, 4, 3]), t = tf.tensor1d([0, 0.3, 0.999]);
  const { xt, u } = linearPath(x0, x1, t);
  close(predictEnd(xt, u, t), x1, 1e-6);
});

tensorTest("linearPath() refuses shapes that disagree", () => {
  const x0 = randomImages(1, [2, 2, 4, 3]), x1 = randomImages(2, [2, 4, 2, 3]);
  assertThrows(() => linearPath(x0, x1, tf.tensor1d([0, 1])), RangeError);
  assertThrows(() => linearPath(x0, x0, tf.tensor1d([0, 1, 1])), RangeError);
});

tensorTest("flowMatchingLoss() is the mean squared error at s = 0 (Eq. 2)", () => {
  const v = randomImages(1, [2, 6, 4, 3]), u = randomImages(2, [2, 6, 4, 3]);
  close(flowMatchingLoss(v, u), tf.squaredDifference(v, u).mean(), 1e-5);
});

tensorTest("flowMatchingLoss() refuses shapes that would broadcast and a negative index", () => {
  const v = randomImages(1, [2, 4, 4, 3]);
  assertThrows(() => flowMatchingLoss(v, v.slice([0, 0, 0, 0], [1, -1, -1, -1])), RangeError, "axis 0 (B)");
  assertThrows(() => flowMatchingLoss(v, v, { s: -1 }), RangeError, "s must be at least 0");
});

tensorTest("flowMatchingLoss() weighs one frequency by its share of the weights", () => {
  // A cosine of index (2, 1) is a single DCT coefficient.
  const [H, W, s] = [6, 4, 1.5];
  const wave = Float32Array.from({ length: H * W }, (_, at) => {
    return Math.cos(Math.PI * (2 * Math.floor(at / W) + 1) * 2 / (2 * H)) *
      Math.cos(Math.PI * (2 * (at % W) + 1) / (2 * W));
  });
  const error = tf.tensor4d(wave, [1, H, W, 1]);
  const weight = sobolevWeights(H, W, s, { normalise: "mean" })[2 * W + 1];
  close(flowMatchingLoss(error, tf.zerosLike(error), { s }), error.square().mean().mul(weight), 1e-5);
});

tensorTest("frozen() keeps the values and passes no gradient", () => {
  const params = toyBackbone.init(0);
  const x = randomImages(1, [2, 4, 4, 3]), c = randomImages(2, [2, 4, 4, 3]), t = tf.tensor1d([0.2, 0.7]);
  close(frozen(toyBackbone.velocity(params))(x, t, c), toyBackbone.velocity(params)(x, t, c), 0);
  const throughBoth = tf.grad((weight: tf.Tensor) => {
    const field = toyBackbone.velocity({ ...params, "out.weight": weight });
    return field(x, t, c).sum().add(frozen(field)(x, t, c).sum().mul(5));
  })(params["out.weight"]);
  const throughOne = tf.grad((weight: tf.Tensor) =>
    toyBackbone.velocity({ ...params, "out.weight": weight })(x, t, c).sum()
  )(params["out.weight"]);
  close(throughBoth, throughOne, 1e-5);
});
