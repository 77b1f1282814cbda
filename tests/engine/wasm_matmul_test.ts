import { tf } from "../../lib/engine/mod.ts";
import { close, tensorTest } from "../support.ts";

const shapes: [number[], number[]][] = [
  [[5, 7], [7, 3]],
  [[1, 5, 7], [1, 7, 3]],
  [[2, 3, 5, 7], [2, 3, 7, 4]],
  [[4, 5, 7], [1, 7, 3]],
];

function swapped(x: tf.Tensor): tf.Tensor {
  const rank = x.rank;
  return x.transpose([...Array(rank - 2).keys(), rank - 1, rank - 2]);
}

tensorTest("matMul() multiplies batches, with either factor transposed", () => {
  for (const [a, b] of shapes) {
    const [x, y] = [a, b].map((shape) => tf.sin(tf.range(0, tf.util.sizeFromShape(shape))).reshape(shape));
    const expected = x.expandDims(-1).mul(y.expandDims(-3)).sum(-2); // [..., M, K, 1] x [..., 1, K, N]
    close(tf.matMul(x, y), expected, 1e-5);
    close(tf.matMul(swapped(x), y, true, false), expected, 1e-5);
    close(tf.matMul(x, swapped(y), false, true), expected, 1e-5);
    close(tf.matMul(swapped(x), swapped(y), true, true), expected, 1e-5);
  }
});
