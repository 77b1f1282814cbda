import { tf, trace } from "../../lib/engine/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { close, tensorTest } from "../support.ts";

const native = { engines: ["native"] } as const;

tensorTest("trace() keeps the structure of arguments and results", () => {
  const step = trace((state: { w: tf.Tensor; list: tf.Tensor[] }, x: tf.Tensor) => ({
    sum: state.w.add(x),
    all: [state.list.map((y) => y.mul(x)), state.w.neg()],
  }));
  const { sum, all } = step.sync({ w: tf.scalar(1), list: [tf.scalar(2), tf.scalar(3)] }, tf.scalar(5));
  close(sum, 6, 0);
  const [products, negative] = all as [tf.Tensor[], tf.Tensor];
  close(products[0], 10, 0);
  close(products[1], 15, 0);
  close(negative, -1, 0);
  step.dispose();
});

tensorTest("trace() records once for each combination of structure, shapes and types", () => {
  const step = trace((xs: tf.Tensor[]) => tf.addN(xs));
  close(step.sync([tf.ones([2]), tf.ones([2])]), [2, 2], 0);
  close(step.sync([tf.zeros([2]), tf.ones([2])]), [1, 1], 0);
  assertEquals(step.info.traces, 1);
  close(step.sync([tf.ones([3]), tf.ones([3])]), [2, 2, 2], 0);
  close(step.sync([tf.ones([2]), tf.ones([2]), tf.ones([2])]), [3, 3], 0);
  assertEquals(step.sync([tf.ones([2], "int32"), tf.ones([2], "int32")]).dtype, "int32");
  assertEquals(step.info.traces, 4);
  step.dispose();
}, native);

tensorTest("trace() tells arguments apart that were one tensor when it recorded", () => {
  const step = trace((x: tf.Tensor, y: tf.Tensor) => x.sub(y));
  const one = tf.scalar(1);
  close(step.sync(one, one), 0, 0);
  close(step.sync(tf.scalar(5), one), 4, 0);
  step.dispose();
});

tensorTest("trace() reads a tensor it closes over, even one that was an argument when it recorded", () => {
  const factor = tf.scalar(3), unused = tf.tensor1d([1, 2]);
  const step = trace((x: tf.Tensor) => x.mul(factor).add(unused));
  close(step.sync(factor), [10, 11], 0);
  close(step.sync(tf.scalar(2)), [7, 8], 0);
  step.dispose();
});

tensorTest("trace() returns a tensor of its own for each leaf", () => {
  const kept = tf.scalar(7);
  const step = trace((x: tf.Tensor) => {
    const y = x.add(1);
    return [x, y, y, kept, tf.scalar(9), y.reshape([1])];
  });
  const x = tf.scalar(1);
  const results = step.sync(x);
  close(results.map((result) => result.dataSync()), [1, 2, 2, 7, 9, 2], 0);
  tf.dispose(results);
  assert(!x.isDisposed && !kept.isDisposed);
  close(step.sync(x)[3], 7, 0);
  step.dispose();
});

tensorTest("trace() takes and returns int32 and bool", () => {
  const step = trace((i: tf.Tensor, b: tf.Tensor) => [i.add(tf.scalar(1, "int32")), b.logicalNot()]);
  const [i, b] = step.sync(tf.tensor1d([1, 2], "int32"), tf.tensor1d([true, false], "bool"));
  assertEquals([i.dtype, b.dtype], ["int32", "bool"]);
  close(i, [2, 3], 0);
  close(b, [0, 1], 0);
  step.dispose();
});

tensorTest("trace() makes one step of a step that calls another", () => {
  const inner = trace((x: tf.Tensor) => x.square());
  const outer = trace((x: tf.Tensor) => tf.grad((x: tf.Tensor) => inner.sync(x).sum())(x));
  close(outer.sync(tf.tensor1d([1, 2])), [2, 4], 0);
  assertEquals(inner.info.traces, 0);
  outer.dispose();
});

tensorTest("trace() lets a constant of the step outlive it", () => {
  let cache: tf.Tensor | undefined;
  const step = trace((x: tf.Tensor) => x.add(cache ??= tf.keep(tf.tensor1d([1, 2]))));
  close(step.sync(tf.scalar(1)), [2, 3], 0);
  close(step.sync(tf.tensor1d([1, 1])), [2, 3], 0);
  close(cache!, [1, 2], 0);
  cache!.dispose();
  step.dispose();
});

tensorTest("trace() makes one operation of a large constant with one value", () => {
  const step = trace((x: tf.Tensor) => x.add(tf.zeros([300, 300])).add(tf.onesLike(x)).sum());
  close(step.sync(tf.zeros([300, 300])), 90000, 0);
  step.dispose();
});

tensorTest("trace() keeps the sign of a zero in a large constant", () => {
  const values = new Float32Array(1000);
  values[7] = -0;
  const step = trace((x: tf.Tensor) => tf.div(x, tf.tensor1d(values)));
  assertEquals(Array.from(step.sync(tf.scalar(1)).dataSync().slice(6, 8)), [Infinity, -Infinity]);
  step.dispose();
});

tensorTest("dispose() frees the functions, and the next call records again", () => {
  const step = trace((x: tf.Tensor) => x.add(1));
  close(step.sync(tf.scalar(1)), 2, 0);
  step.dispose();
  close(step.sync(tf.scalar(2)), 3, 0);
  assertEquals(step.info.traces, 2);
  step.dispose();
}, native);

tensorTest("trace() refuses to run when a tensor it closes over is gone", () => {
  const gone = tf.scalar(3);
  const step = trace((x: tf.Tensor) => x.mul(gone));
  close(step.sync(tf.scalar(2)), 6, 0);
  gone.dispose();
  assertThrows(() => step.sync(tf.scalar(2)), Error, "disposed");
  step.dispose();
}, native);
