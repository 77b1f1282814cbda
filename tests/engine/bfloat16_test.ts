import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  bfloat16Bits,
  bfloat16Product,
  bfloat16Tensor,
  bfloat16Values,
  checkpoint,
  isBfloat16,
  readBfloat16,
  tf,
  toBfloat16,
  toFloat32,
  trace,
} from "../../lib/engine/mod.ts";
import { rng } from "../../lib/core/mod.ts";
import { close, tensorTest } from "../support.ts";

const native = { engines: ["native"] } as const;

/** A matrix of values that bfloat16 can hold, such as those of a file. */
function heldMatrix(seed: number, rows: number, columns: number): tf.Tensor2D {
  return bfloat16Tensor(bfloat16Bits(rng(seed, "bfloat16").normals(rows * columns)), [rows, columns]) as tf.Tensor2D;
}

/** Values that a product rounds no further. */
function roundedMatrix(seed: number, rows: number, columns: number): tf.Tensor2D {
  const values = bfloat16Values(bfloat16Bits(rng(seed, "bfloat16").normals(rows * columns)));
  return tf.tensor2d(values, [rows, columns]);
}

Deno.test("bfloat16Bits() rounds ties to even and keeps infinities and NaN", () => {
  const values = [1, -2.5, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, 3.4e38, -Infinity, NaN, -0, 1e-40];
  const rounded = bfloat16Values(bfloat16Bits(Float32Array.from(values)));
  assertEquals([...rounded.subarray(0, 8)], [1, -2.5, 1, 1 + 2 ** -6, 1 + 2 ** -7, Infinity, -Infinity, NaN]);
  assert(Object.is(rounded[8], -0));
  assertEquals(rounded[9], 2 ** -133); // the least number above 0
});

tensorTest("bfloat16Tensor() holds values that read back exactly, on wasm as float32", () => {
  const bits = Uint16Array.of(0x3F80, 0xC049, 0x0080, 0x7F80);
  const held = bfloat16Tensor(bits, [2, 2]);
  assertEquals(isBfloat16(held), tf.getBackend() === "tensorflow");
  assertEquals([...held.dataSync()], [1, -3.140625, 2 ** -126, Infinity]);
  assertEquals(readBfloat16(held), bits);
  assertEquals([...toFloat32(held).dataSync()], [...held.dataSync()]);
  assertEquals(isBfloat16(toFloat32(held)), false);
  assertEquals(isBfloat16(held.clone()), isBfloat16(held));
  assertEquals([...toBfloat16(tf.tensor1d([1 + 2 ** -8, -3])).dataSync()], [1, -3]);
});

tensorTest("reshape and gather take a bfloat16 tensor", () => {
  const held = heldMatrix(1, 4, 3), wide = toFloat32(held);
  const shaped = held.reshape([2, 6]);
  assertEquals(isBfloat16(shaped), isBfloat16(held));
  close(shaped, wide.reshape([2, 6]), 0);
  const rows = tf.gather(held, tf.tensor1d([2, 0], "int32"));
  assertEquals(isBfloat16(rows), false);
  close(rows, tf.gather(wide, tf.tensor1d([2, 0], "int32")), 0);
});

tensorTest("every other operation refuses a bfloat16 tensor, and so does a gradient for it", () => {
  const held = heldMatrix(1, 3, 3), x = roundedMatrix(2, 3, 3);
  const refused = "Cannot compute with a bfloat16 weight as only linear layers and gather take it";
  for (
    const op of [
      () => held.add(1),
      () => x.matMul(held),
      () => held.transpose(),
      () => tf.concat([x, held]),
      () => held.sum(),
      () => tf.zerosLike(held),
      () => held.cast("int32"),
    ]
  ) assertThrows(op, TypeError, refused);
  const gradient = trace((w: tf.Tensor) => tf.grad((w: tf.Tensor) => bfloat16Product([x], w).sum())(w));
  assertThrows(() => gradient.sync(held), Error, "input weight");
}, native);

tensorTest("bfloat16Product() equals the float32 product of rounded factors, within the rounding of its result", () => {
  const weight = heldMatrix(1, 5, 8), parts = [roundedMatrix(2, 7, 6), roundedMatrix(3, 7, 2)];
  const exact = tf.concat(parts, 1).matMul(toFloat32(weight), false, true);
  close(bfloat16Product(parts, weight), exact, { relative: 2 ** -8 });
  close(bfloat16Product([tf.concat2d(parts, 1)], weight), bfloat16Product(parts, weight), 0);
}, native);

tensorTest("bfloat16Product() has the gradient of its inputs, eager, traced and checkpointed", () => {
  const weight = heldMatrix(1, 5, 8), a = roundedMatrix(2, 7, 6), b = roundedMatrix(3, 7, 2);
  const dy = roundedMatrix(4, 7, 5);
  const loss = (a: tf.Tensor, b: tf.Tensor, w: tf.Tensor) =>
    bfloat16Product([a as tf.Tensor2D, b as tf.Tensor2D], w).mul(dy).sum();
  const expected = tf.split(dy.matMul(toFloat32(weight)), [6, 2], 1);
  const eager = tf.grads((a: tf.Tensor, b: tf.Tensor) => loss(a, b, weight))([a, b]);
  const again = tf.grads((a: tf.Tensor, b: tf.Tensor) => checkpoint(loss, [a, b, weight]))([a, b]);
  const step = trace((a: tf.Tensor, b: tf.Tensor, w: tf.Tensor) =>
    tf.grads((a: tf.Tensor, b: tf.Tensor) => checkpoint(loss, [a, b, w]))([a, b])
  );
  const traced = step.sync(a, b, weight), captured = trace(() => loss(a, b, weight));
  for (const gradients of [eager, again, traced]) {
    gradients.forEach((gradient, k) => close(gradient, expected[k], { relative: 2 ** -8 }));
    gradients.forEach((gradient, k) => close(gradient, eager[k], 0));
  }
  close(captured.sync(), loss(a, b, weight), { relative: 1e-6 });
  step.dispose();
  captured.dispose();
}, native);

tensorTest("trace() keeps a bfloat16 argument apart from a float32 one of the same shape", () => {
  const weight = heldMatrix(1, 5, 8), sum = trace((w: tf.Tensor) => toFloat32(w).sum());
  close(sum.sync(weight), sum.sync(toFloat32(weight)), 0);
  assertEquals(sum.info.traces, 2);
  sum.dispose();
}, native);

tensorTest("a bfloat16 tensor counts as one and lives until its last clone is disposed", () => {
  const before = tf.memory().numTensors;
  const held = heldMatrix(1, 3, 3), copy = held.clone();
  assertEquals(tf.memory().numTensors, before + 2);
  const values = held.dataSync();
  held.dispose();
  assertEquals(copy.dataSync(), values);
  copy.dispose();
  assertEquals(tf.memory().numTensors, before);
});
