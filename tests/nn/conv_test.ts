import { assertThrows } from "@std/assert";
import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { conv3x3, resnetBlock } from "../../lib/nn/mod.ts";
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

tensorTest("resnetBlock() adds its shift to every pixel of its sample", () => {
  const params = {
    ...{ "b.norm1.weight": noise(4), "b.norm1.bias": noise(4), "b.norm2.weight": noise(4), "b.norm2.bias": noise(4) },
    ...{ "b.conv1.weight": noise(4, 4, 3, 3), "b.conv1.bias": noise(4) },
    ...{ "b.conv2.weight": noise(4, 4, 3, 3), "b.conv2.bias": noise(4) },
  };
  const x = noise(2, 3, 5, 4) as tf.Tensor4D, options = { groups: 2, epsilon: 1e-5 };
  const shift = tf.tensor2d([[0.5, -1, 0, 2], [0.5, -1, 0, 2]]);
  const shifted = { ...params, "b.conv1.bias": params["b.conv1.bias"].add([0.5, -1, 0, 2]) };
  close(resnetBlock(params, "b", x, { ...options, shift }), resnetBlock(shifted, "b", x, options), 1e-5);
});
