import { assertThrows } from "@std/assert";
import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { conv3x3 } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { noise } from "./same_gradient.ts";

tensorTest("conv3x3() equals a convolution with zeros around the image", () => {
  const x = noise(2, 5, 7, 3) as tf.Tensor4D, weight = noise(4, 3, 3, 3), bias = noise(4);
  const expected = tf.conv2d(x, weight.transpose<tf.Tensor4D>([2, 3, 1, 0]), 1, "same").add(bias);
  close(conv3x3({ "conv.weight": weight, "conv.bias": bias }, "conv", x), expected, 1e-5);
});

tensorTest("conv3x3() has the gradients of finite differences, for kernel, bias and image", () => {
  const random = rng(3, "conv");
  const draw = (...shape: number[]) => normalTensor(random, shape as [number]);
  const inputs = [draw(1, 4, 5, 2), draw(3, 2, 3, 3), draw(3)], upstream = draw(1, 4, 5, 3);
  const loss = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
    conv3x3({ "conv.weight": weight, "conv.bias": bias }, "conv", x as tf.Tensor4D).mul(upstream).sum().asScalar();
  const gradients = tf.grads(loss)(inputs);
  inputs.forEach((input, i) => {
    const direction = draw(...input.shape);
    const at = (step: number) => {
      const moved = inputs.map((each, k) => k === i ? each.add(direction.mul(step)) : each);
      return loss(moved[0], moved[1], moved[2]).dataSync()[0];
    };
    // The loss is linear in each input, so the difference is exact but for rounding.
    close(gradients[i].mul(direction).sum().asScalar(), (at(1) - at(-1)) / 2, { absolute: 1e-4, relative: 1e-5 });
  });
});

tensorTest("conv3x3() refuses a kernel of another size", () => {
  const x = tf.zeros<tf.Rank.R4>([1, 4, 4, 3]);
  const params = { "conv.weight": tf.zeros([4, 3, 1, 1]) };
  assertThrows(() => conv3x3(params, "conv", x), RangeError, "must be [out, 3, 3, 3]: current value is [4,3,1,1]");
});
