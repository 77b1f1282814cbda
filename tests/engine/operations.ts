import { tf } from "../../lib/engine/mod.ts";

/** An operation to check: forward, traced, and both of its gradients. */
export interface Operation {
  readonly name: string;
  /** Shapes of the arguments, float32. */
  readonly shapes: readonly number[][];
  readonly fn: (...xs: tf.Tensor[]) => tf.Tensor;
  /** What wasm has of it; everything by default. */
  readonly wasm?: "forward" | "nothing";
}

const matrix = [3, 4], images = [1, 8, 8, 4], kernel = [3, 3, 4, 5];
const order = () => tf.tensor1d([2, 0, 1], "int32");
const t4 = (x: tf.Tensor) => x as tf.Tensor4D;

const arithmetic: Operation[] = [
  { name: "add, sub with broadcast", shapes: [matrix, [4]], fn: (x, y) => x.add(y).sub(y.mul(2)) },
  { name: "mul, div with broadcast", shapes: [matrix, [4]], fn: (x, y) => x.mul(y).div(y.add(3)) },
  { name: "squaredDifference", shapes: [matrix, matrix], fn: (x, y) => tf.squaredDifference(x, y) },
  { name: "maximum, minimum", shapes: [matrix, matrix], fn: (x, y) => tf.maximum(x, y).add(tf.minimum(x, 0)) },
  { name: "pow", shapes: [matrix], fn: (x) => tf.pow(x.abs().add(1), 1.5) },
  { name: "clipByValue", shapes: [matrix], fn: (x) => tf.clipByValue(x, -0.5, 0.5) },
  { name: "mod, floorDiv", shapes: [matrix], fn: (x) => tf.mod(x.add(5), 2).add(tf.floorDiv(x, 0.3)) },
  { name: "addN", shapes: [matrix, matrix], fn: (x, y) => tf.addN([x, y, x]) },
  {
    name: "where with a constant condition",
    shapes: [matrix, matrix],
    fn: (x, y) => tf.where(tf.tensor([1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0], [3, 4], "bool"), x, y),
  },
];

const pointwise: Operation[] = [
  {
    name: "exp, log, sqrt, rsqrt",
    shapes: [matrix],
    fn: (x) => x.abs().add(1).log().exp().sqrt().mul(x.abs().add(1).rsqrt()),
  },
  { name: "tanh, sigmoid, softplus, erf", shapes: [matrix], fn: (x) => x.tanh().sigmoid().add(x.erf()).softplus() },
  { name: "relu, leakyRelu, elu", shapes: [matrix], fn: (x) => x.relu().add(tf.leakyRelu(x, 0.2)).add(tf.elu(x)) },
  { name: "prelu", shapes: [matrix, matrix], fn: (x, y) => tf.prelu(x, y) },
  { name: "relu6, selu", shapes: [matrix], fn: (x) => x.relu6().add(x.selu()) },
  { name: "sin, cos, abs", shapes: [matrix], fn: (x) => x.sin().add(x.cos()).add(x.abs()) },
  {
    name: "round, floor, sign, step",
    shapes: [matrix],
    fn: (x) => x.round().add(x.floor()).add(x.sign()).add(x.step()),
  },
  { name: "logSigmoid", shapes: [matrix], fn: (x) => tf.logSigmoid(x) },
  { name: "mean of int32 and bool", shapes: [matrix], fn: (x) => x.add(order().mean().add(order().greater(1).mean())) },
  { name: "round of int32", shapes: [[3]], fn: (x) => x.add(order().round().cast("float32")) },
];

const reductions: Operation[] = [
  { name: "sum of the last axis, kept", shapes: [matrix], fn: (x) => x.sum(-1, true) },
  { name: "mean of two axes", shapes: [images], fn: (x) => x.mean([-2, -1], true).add(x.mean([1, 2], true)) },
  { name: "max", shapes: [matrix], fn: (x) => x.max(-1, true) },
  { name: "prod", shapes: [matrix], fn: (x) => x.prod(0) },
  { name: "norm", shapes: [matrix], fn: (x) => x.norm() },
  { name: "logSumExp", shapes: [matrix], fn: (x) => x.logSumExp(-1) },
  {
    name: "moments",
    shapes: [matrix],
    fn: (x) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return x.sub(mean).div(variance.add(1e-6).sqrt());
    },
  },
  { name: "softmax, logSoftmax", shapes: [matrix], fn: (x) => tf.softmax(x).add(tf.logSoftmax(x)) },
  { name: "cumsum", shapes: [matrix], fn: (x) => x.cumsum(1) },
  { name: "softmaxCrossEntropy", shapes: [matrix], fn: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(order(), 4), x) },
];

const products: Operation[] = [
  { name: "matMul", shapes: [[3, 4], [4, 5]], fn: (x, y) => x.matMul(y) },
  { name: "matMul, first transposed", shapes: [[4, 3], [4, 5]], fn: (x, y) => x.matMul(y, true, false) },
  { name: "matMul, second transposed", shapes: [[3, 4], [5, 4]], fn: (x, y) => x.matMul(y, false, true) },
  { name: "matMul, both transposed", shapes: [[4, 3], [5, 4]], fn: (x, y) => x.matMul(y, true, true) },
  { name: "matMul of four dimensions", shapes: [[2, 2, 3, 4], [2, 2, 5, 4]], fn: (x, y) => x.matMul(y, false, true) },
  { name: "dot", shapes: [[3, 4], [4, 5]], fn: (x, y) => x.dot(y) },
  {
    name: "fused matMul",
    shapes: [[3, 4], [4, 5], [5]],
    fn: (x, y, bias) => tf.fused.matMul({ a: x as tf.Tensor2D, b: y as tf.Tensor2D, bias }),
  },
  { name: "oneHot as an embedding", shapes: [matrix], fn: (x) => tf.oneHot(order(), 3).cast("float32").matMul(x) },
];

const shapes: Operation[] = [
  { name: "reshape, expandDims, squeeze", shapes: [matrix], fn: (x) => x.reshape([4, 3]).expandDims(1).squeeze([1]) },
  { name: "transpose", shapes: [images], fn: (x) => x.transpose([0, 3, 1, 2]) },
  { name: "concat", shapes: [matrix, matrix], fn: (x, y) => tf.concat([x, y], -1) },
  { name: "stack, unstack", shapes: [[3, 2, 2]], fn: (x) => tf.stack(tf.unstack(x, -1).reverse(), -1) },
  { name: "split", shapes: [matrix], fn: (x) => tf.split(x, [1, 3], -1)[1].mul(2).add(tf.split(x, 2, 1)[1].sum()) },
  { name: "slice", shapes: [matrix], fn: (x) => x.slice([1, 0], [2, 3]) },
  { name: "pad", shapes: [matrix], fn: (x) => x.pad([[1, 1], [0, 2]]) },
  { name: "mirrorPad", shapes: [matrix], fn: (x) => x.mirrorPad([[1, 1], [1, 1]], "reflect") },
  { name: "tile, broadcastTo", shapes: [matrix], fn: (x) => x.tile([2, 1]).add(x.broadcastTo([2, 3, 4]).sum()) },
  { name: "reverse", shapes: [matrix], fn: (x) => x.reverse(1) },
  {
    name: "zerosLike, onesLike, fill, range, linspace",
    shapes: [matrix],
    fn: (x) =>
      x.add(tf.zerosLike(x)).add(tf.onesLike(x)).add(tf.fill([3, 4], 2)).add(tf.range(0, 4).add(tf.linspace(0, 1, 4))),
  },
  {
    name: "eye, bandPart",
    shapes: [matrix],
    fn: (x) => x.add(tf.linalg.bandPart(tf.ones([3, 4]), 0, -1)).add(tf.eye(3, 4)),
  },
  {
    name: "gather on two axes",
    shapes: [matrix],
    fn: (x) => x.gather(order()).add(x.gather(order(), 1).sum()),
    wasm: "forward",
  },
  {
    name: "gather with computed indices",
    shapes: [matrix],
    fn: (x) => x.gather(order().add(order()).floorDiv(tf.scalar(2, "int32"))),
    wasm: "forward",
  },
  {
    name: "unsortedSegmentSum",
    shapes: [matrix],
    fn: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 1, 0], "int32"), 2),
    wasm: "nothing",
  },
];

const imageOperations: Operation[] = [
  { name: "conv2d", shapes: [images, kernel], fn: (x, w) => tf.conv2d(t4(x), t4(w), 1, "same"), wasm: "forward" },
  {
    name: "conv2d of stride 2",
    shapes: [images, kernel],
    fn: (x, w) => tf.conv2d(t4(x), t4(w), 2, "valid"),
    wasm: "forward",
  },
  {
    name: "depthwiseConv2d",
    shapes: [images, [3, 3, 4, 1]],
    fn: (x, w) => tf.depthwiseConv2d(t4(x), t4(w), 1, "same"),
    wasm: "forward",
  },
  {
    name: "conv2dTranspose",
    shapes: [images, [3, 3, 5, 4]],
    fn: (x, w) => tf.conv2dTranspose(t4(x), t4(w), [1, 16, 16, 5], 2, "same"),
    wasm: "forward",
  },
  {
    name: "fused conv2d",
    shapes: [images, kernel, [5]],
    fn: (x, w, bias) => tf.fused.conv2d({ x: t4(x), filter: t4(w), strides: 1, pad: "same", bias }),
    wasm: "forward",
  },
  { name: "avgPool", shapes: [images], fn: (x) => tf.avgPool(t4(x), 2, 2, "valid") },
  { name: "maxPool", shapes: [images], fn: (x) => tf.maxPool(t4(x), 2, 2, "valid"), wasm: "forward" },
  { name: "resizeBilinear", shapes: [images], fn: (x) => tf.image.resizeBilinear(t4(x), [16, 16]) },
  {
    name: "resizeBilinear with half pixels",
    shapes: [images],
    fn: (x) => tf.image.resizeBilinear(t4(x), [16, 16], false, true),
  },
  {
    name: "resizeNearestNeighbor",
    shapes: [images],
    fn: (x) => tf.image.resizeNearestNeighbor(t4(x), [16, 16], false, true),
  },
  { name: "spaceToBatchND", shapes: [images], fn: (x) => tf.spaceToBatchND(x, [2, 2], [[0, 0], [0, 0]]) },
  {
    name: "localResponseNormalization",
    shapes: [images],
    fn: (x) => tf.localResponseNormalization(t4(x)),
  },
];

/** Operations that must work eager and traced, and so must their gradients. */
export const operations: readonly Operation[] = [
  ...arithmetic,
  ...pointwise,
  ...reductions,
  ...products,
  ...shapes,
  ...imageOperations,
];

/** Arguments for an operation, away from the kinks of most functions. */
export function operands({ shapes }: Operation): tf.Tensor[] {
  return shapes.map((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return tf.tensor(Float32Array.from({ length: size }, (_, index) => Math.sin(index * 1.7 + 1) * 0.9), shape);
  });
}

/** Gradients of a weighted sum of what the operation returns. */
export function gradients({ fn }: Operation, xs: tf.Tensor[]): tf.Tensor[] {
  return tf.grads((...args: tf.Tensor[]) => {
    const y = fn(...args);
    return y.mul(tf.cos(tf.range(0, y.size).reshape(y.shape))).sum();
  })(xs);
}
