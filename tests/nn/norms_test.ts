import { assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { adaptiveLayerNorm, groupNorm, layerNorm, rmsNorm } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { noise, sameGradient } from "./same_gradient.ts";

function normalised(x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).div(variance.add(1e-6).sqrt());
}

tensorTest("layerNorm() gives mean 0 and variance 1, whatever the scale and shift of its input", () => {
  const x = noise(4, 32), y = layerNorm(x);
  const { mean, variance } = tf.moments(y, -1);
  close(mean, tf.zeros([4]), 1e-6);
  close(variance, tf.ones([4]), 1e-5);
  close(layerNorm(x.mul(50).add(3)), y, 1e-4);
});

tensorTest(
  "layerNorm() has the value and gradient of its formula",
  () => sameGradient((x) => layerNorm(x), normalised, [[3, 4, 16]]),
);

tensorTest("adaptiveLayerNorm() is layerNorm(x) (1 + scale) + shift, with its gradients", () => {
  sameGradient(
    (x, scale, shift) => adaptiveLayerNorm(x, scale, shift),
    (x, scale, shift) => normalised(x).mul(scale.add(1)).add(shift),
    [[2, 5, 16], [2, 1, 16], [2, 1, 16]],
  );
});

tensorTest("rmsNorm() has the value and gradients of its formula, for one weight and for a weight per token", () => {
  const formula = (x: tf.Tensor, weight: tf.Tensor) => x.div(x.square().mean(-1, true).add(1e-6).sqrt()).mul(weight);
  sameGradient((x, weight) => rmsNorm(x, weight), formula, [[2, 3, 5, 8], [8]]);
  sameGradient((x, weight) => rmsNorm(x, weight), formula, [[2, 3, 5, 8], [5, 8]]);
});

tensorTest("groupNorm() normalises every group over space, then scales and shifts the channels", () => {
  const x = noise(2, 3, 4, 6) as tf.Tensor4D, weight = noise(6), bias = noise(6);
  const y = groupNorm(x, tf.ones([6]), tf.zeros([6]), { groups: 3 });
  for (let group = 0; group < 3; group++) {
    const { mean, variance } = tf.moments(y.slice([0, 0, 0, 2 * group], [2, 3, 4, 2]), [1, 2, 3]);
    close(mean, tf.zeros([2]), 1e-6);
    close(variance, tf.ones([2]), 1e-5);
  }
  close(groupNorm(x, weight, bias, { groups: 3 }), y.mul(weight).add(bias), 1e-6);
});

tensorTest("groupNorm() has the value and gradients of its formula, for maps, scale and shift", () => {
  const formula = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => {
    const grouped = x.reshape([2, 12, 3, 2]);
    const { mean, variance } = tf.moments(grouped, [1, 3], true);
    return grouped.sub(mean).div(variance.add(1e-6).sqrt()).reshape([2, 3, 4, 6]).mul(weight).add(bias);
  };
  const ours = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
    groupNorm(x as tf.Tensor4D, weight, bias, { groups: 3 });
  sameGradient(ours, formula, [[2, 3, 4, 6], [6], [6]]);
});

tensorTest("groupNorm() refuses groups that do not divide the channels", () => {
  const ones = tf.ones([6]);
  assertThrows(() => groupNorm(tf.zeros([1, 2, 2, 6]), ones, ones, { groups: 4 }), RangeError, "current value is 4");
});
