import { assertEquals, assertThrows } from "@std/assert";
import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { conv2d, type Conv2dOptions, upsampleNearest } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { noise } from "./same_gradient.ts";

/** One sum of products for every output, in plain numbers. */
function plainConvolution(x: tf.Tensor4D, weight: tf.Tensor4D, bias: tf.Tensor, stride: number, before: number, out: {
  readonly height: number;
  readonly width: number;
}): number[] {
  const [X, K, b] = [x.arraySync(), weight.arraySync(), bias.arraySync() as number[]];
  const [batch, height, width, channels] = x.shape, [outputs, , rows, columns] = weight.shape;
  const values: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < out.height; i++) {
      for (let j = 0; j < out.width; j++) {
        for (let o = 0; o < outputs; o++) {
          let sum = b[o];
          for (let r = 0; r < rows; r++) {
            for (let s = 0; s < columns; s++) {
              const [y, z] = [i * stride + r - before, j * stride + s - before];
              if (y < 0 || z < 0 || y >= height || z >= width) continue;
              for (let c = 0; c < channels; c++) sum += X[n][y][z][c] * K[o][c][r][s];
            }
          }
          values.push(sum);
        }
      }
    }
  }
  return values;
}

const cases: readonly [Conv2dOptions, side: number, before: number, out: { height: number; width: number }][] = [
  [{ padding: 1 }, 3, 1, { height: 6, width: 8 }],
  [{ padding: "same" }, 3, 1, { height: 6, width: 8 }],
  [{ padding: 1, stride: 2 }, 3, 1, { height: 3, width: 4 }],
  [{ padding: "same", stride: 2 }, 3, 0, { height: 3, width: 4 }], // the odd row of zeros is below
  [{}, 1, 0, { height: 6, width: 8 }],
];

for (const [options, side, before, out] of cases) {
  tensorTest(`conv2d() is a sum of products, ${side} x ${side}, ${JSON.stringify(options)}`, () => {
    const x = noise(2, 6, 8, 3) as tf.Tensor4D, weight = noise(4, 3, side, side) as tf.Tensor4D, bias = noise(4);
    const y = conv2d({ "conv.weight": weight, "conv.bias": bias }, "conv", x, options);
    assertEquals(y.shape, [2, out.height, out.width, 4]);
    close(y, plainConvolution(x, weight, bias, options.stride ?? 1, before, out), 1e-5);
  });

  for (const activation of [undefined, "relu"] as const) {
    tensorTest(
      `conv2d() has the gradient of finite differences, ${side} x ${side}, ${activation} ${JSON.stringify(options)}`,
      () => {
        const random = rng(5, "conv2d");
        const draw = (...shape: number[]) => normalTensor(random, shape as [number]);
        const x = draw(1, 6, 8, 2), weight = draw(3, 2, side, side);
        const params = { "conv.weight": weight, "conv.bias": draw(3) };
        const upstream = draw(1, out.height, out.width, 3);
        const loss = (x: tf.Tensor) =>
          conv2d(params, "conv", x as tf.Tensor4D, { ...options, activation }).mul(upstream).sum().asScalar();
        const gradient = tf.grad(loss)(x), direction = draw(...x.shape);
        // Linear but where the activation bends, so a step may be large without one and must be small with one.
        const step = activation === undefined ? 1 : 2e-3;
        const at = (step: number) => loss(x.add(direction.mul(step))).dataSync()[0];
        const slope = (at(step) - at(-step)) / (2 * step);
        close(gradient.mul(direction).sum().asScalar(), slope, { absolute: 1e-4 / step, relative: 1e-5 });
      },
    );
  }
}

tensorTest("conv2d() refuses a kernel for another number of channels, and a missing one", () => {
  const x = tf.zeros<tf.Rank.R4>([1, 4, 4, 3]), params = { "conv.weight": tf.zeros([4, 2, 3, 3]) };
  assertThrows(() => conv2d(params, "conv", x), RangeError, "must be [out, 3, kh, kw]: current value is [4,2,3,3]");
  assertThrows(() => conv2d({}, "conv", x), RangeError, "Cannot convolve conv");
});

tensorTest("upsampleNearest() repeats every pixel, and its gradient adds them up", () => {
  const x = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 1, 3, 2]);
  // torch.nn.functional.interpolate(x, scale_factor=2, mode="nearest")
  const row = [1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6];
  close(upsampleNearest(x), tf.tensor4d([...row, ...row], [1, 2, 6, 2]), 0);
  const upstream = noise(1, 2, 6, 2);
  const sums = upstream.reshape([2, 3, 2, 2]).sum([0, 2]).reshape(x.shape);
  close(tf.grad((x) => upsampleNearest(x as tf.Tensor4D))(x, upstream), sums, 1e-6);
});
