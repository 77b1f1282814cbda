import { assertThrows } from "@std/assert";
import { DataError } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { matchParams } from "../../lib/weights/mod.ts";
import { tensorTest } from "../support.ts";

tensorTest("matchParams() accepts exactly the network's names and shapes", () => {
  matchParams({ a: tf.zeros([2]), b: tf.zeros([1, 3]) }, { b: [1, 3], a: [2] });
});

tensorTest("matchParams() lists what is missing, unmatched and of another shape", () => {
  const params = { a: tf.zeros([2]), c: tf.zeros([1]), d: tf.zeros([1]) };
  const message = "Cannot use x.safetensors as names, shapes and types must be the network's: " +
    "1 missing: b; 2 unmatched: c, d; 1 of another shape: a [2] for [3]";
  assertThrows(() => matchParams(params, { a: [3], b: [1] }, "x.safetensors"), DataError, message);
});

tensorTest("matchParams() does not list thousands of names", () => {
  const shapes = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, [1]]));
  assertThrows(() => matchParams({}, shapes), DataError, "p19 and 980 more");
});

tensorTest("matchParams() refuses whole numbers and truth values, from a file and in the engine", () => {
  const params = { a: tf.zeros([2], "int32"), b: tf.zeros([1], "bool"), c: tf.zeros([1]) };
  const shapes = { a: [2], b: [1], c: [1] }, held = { a: { shape: [2], dtype: "int32" } };
  assertThrows(() => matchParams(params, shapes), DataError, "2 of no floating-point type: a int32, b bool");
  assertThrows(() => matchParams(held, { a: [2] }), DataError, "1 of no floating-point type: a int32");
  matchParams({ a: { shape: [2], dtype: "bfloat16" } }, { a: [2] });
});
