import { createRequire } from "node:module";

/** The engine holds numbers only: tests of tensors of strings, by a part of their full name. */
const strings = [
  "concat3d test-tensorflow {} Accepts string tensor.",
  "equal test-tensorflow {} should support string comparison",
  "expandDims test-tensorflow {} 1d string tensor",
  "expandDims test-tensorflow {} 2d string tensor, axis=1",
  "fill test-tensorflow {} 1D fill string",
  "fill test-tensorflow {} 2D fill string",
  "notEqual test-tensorflow {} should support string comparison",
  "slice  test-tensorflow {} accepts string",
  "sparseToDense test-tensorflow {} should work for string",
  "squeeze test-tensorflow {} default",
  "squeeze test-tensorflow {} specific dimension",
  "squeeze test-tensorflow {} all ones",
  "squeeze test-tensorflow {} squeeze only ones",
  "stack test-tensorflow {} accepts string.",
  "staticRegexReplace",
  "tile test-tensorflow {} 1d string tensor",
  "tile test-tensorflow {} 2d string tensor",
  "tile test-tensorflow {} 6D string tensor",
  "unique test-tensorflow {} 1d tensor with string",
  "unique test-tensorflow {} 2d tensor with string",
  "unique test-tensorflow {} 3d tensor with string",
  "unstack test-tensorflow {} accepts string",
  "tensor test-tensorflow {} Scalar string dtype",
  "tensor test-tensorflow {} reshape a string tensor",
  "tensor.toString test-tensorflow {} 1d long string tensor verbose",
  "tensor.toString test-tensorflow {} 2d long string tensor verbose",
];

/** TensorFlow checks indices itself and says so in words of its own ("indices[0] = 100 is not in [0, 2)"). */
const otherWords = ["gather test-tensorflow {} throws when index is out of bound"];

/** Returns parts of the names of tests to leave out: those that tfjs-node itself leaves out, and the above. */
export async function ignoredTests(): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/dist/run_tests.js");
  const source = await Deno.readTextFile(path);
  const list = source.match(/var IGNORE_LIST = \[([\s\S]*?)\n\];/)?.[1];
  if (list === undefined) throw new Error(`Cannot read the ignore list as ${path} must define IGNORE_LIST`);
  const theirs = Array.from(list.matchAll(/^\s*'((?:[^'\\]|\\.)*)'/gm), ([, name]) => name);
  return [...theirs, ...strings, ...otherWords];
}
