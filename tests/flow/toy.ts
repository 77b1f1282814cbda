import { type Params, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { createLora, linear } from "../../lib/nn/mod.ts";
import type { Backbone, VelocityField } from "../../lib/backbones/mod.ts";
import type { PairSet } from "../../lib/dataset/mod.ts";

/** A backbone of two linear layers over the pixels: small enough for tests of trainers. */
export const toyBackbone: Backbone = {
  name: "toy",
  targets: { hidden: { in: 7, out: 12 }, out: { in: 12, out: 3 } },
  shapes: { "hidden.weight": [12, 7], "hidden.bias": [12], "out.weight": [3, 12] },
  parameterCount: 12 * 7 + 12 + 3 * 12,
  init(seed) {
    const random = rng(seed, "toy");
    return {
      "hidden.weight": tf.tensor2d(random.normals(84).map((value) => value * 0.4), [12, 7]),
      "hidden.bias": tf.tensor1d(random.normals(12).map((value) => value * 0.1)),
      "out.weight": tf.tensor2d(random.normals(36).map((value) => value * 0.4), [3, 12]),
    };
  },
  velocity: (params, adapters = []): VelocityField => (xt, t, c) =>
    tf.tidy(() => {
      const [B, H, W] = xt.shape;
      const time = tf.ones([B, H, W, 1]).mul(t.reshape([B, 1, 1, 1]));
      const hidden = linear(params, "hidden", tf.concat([xt, c, time], 3), adapters).tanh();
      return linear(params, "out", hidden, adapters) as tf.Tensor4D;
    }),
};

/** Factors of an adapter on the toy; with `zero` false the second factor is random too, so that it changes something. */
export function toyLora(seed: number, rank = 2, zero = true): Params {
  const { params } = createLora(toyBackbone.targets, { rank, alpha: rank, rng: rng(seed, "toy-lora") });
  if (zero) return params;
  return Object.fromEntries(
    Object.entries(params).map(([name, tensor], k) => {
      if (!name.endsWith("lora_B.weight")) return [name, tensor];
      tensor.dispose();
      return [
        name,
        tf.tensor(rng(seed, "toy-lora-b", k).normals(tensor.size).map((value) => value * 0.3), tensor.shape),
      ];
    }),
  );
}

/** Pairs of smooth random images, with each pixel's block mean as the condition. */
export function toyPairs(count: number, size = 8): PairSet {
  const side = size / 4;
  const hr = new Float32Array(count * size * size * 3), condition = new Float32Array(hr.length);
  const lr = new Float32Array(count * side * side * 3);
  for (let image = 0; image < count; image++) {
    const random = rng(image, "toy-pairs");
    const [phase, wave, level] = [random.uniformIn(0, 6), random.uniformIn(0.3, 0.9), random.uniformIn(-0.4, 0.4)];
    for (let at = 0; at < size * size * 3; at++) {
      const [y, x, colour] = [Math.floor(at / (size * 3)), Math.floor(at / 3) % size, at % 3];
      const value = level + 0.5 * Math.sin(phase + wave * x + 0.5 * wave * y + colour);
      const low = ((image * side + (y >> 2)) * side + (x >> 2)) * 3 + colour;
      hr[image * size * size * 3 + at] = value;
      lr[low] += value / 16;
    }
    for (let at = 0; at < size * size * 3; at++) {
      const [y, x, colour] = [Math.floor(at / (size * 3)), Math.floor(at / 3) % size, at % 3];
      condition[image * size * size * 3 + at] = lr[((image * side + (y >> 2)) * side + (x >> 2)) * 3 + colour];
    }
  }
  return { size, scale: 4, count, ids: Array.from({ length: count }, (_, i) => `toy-${i}`), hr, lr, condition };
}

/** Random images. `[B, H, W, 3]` */
export function randomImages(seed: number, shape: [number, number, number, number]): tf.Tensor4D {
  return tf.tensor4d(rng(seed, "images").normals(shape.reduce((a, b) => a * b)), shape);
}
