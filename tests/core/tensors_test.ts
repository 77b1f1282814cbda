import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  axes,
  cloneParams,
  countParams,
  disposeParams,
  downloadParams,
  hashParams,
  mapParams,
  normalTensor,
  type Params,
  paramsEqualBytes,
  rng,
  tensorScope,
  tensorsOf,
  uploadParams,
  zerosLikeParams,
} from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { close, newTensors, tensorTest } from "../support.ts";

tensorTest("axes() binds letters and checks them", () => {
  const xt = tf.zeros([2, 4, 5, 3]), t = tf.zeros([2]);
  const { B, H, W, C } = axes([xt, "B H W C"], [t, "B"]);
  assertEquals([B, H, W, C], [2, 4, 5, 3]);
  assertEquals(axes([xt, "B _ _ 3"]), { B: 2 });
  assertEquals(axes([tf.scalar(1), ""]), {});
  // @ts-expect-error a letter that was not named does not compile
  assertEquals(axes([t, "B"]).H, undefined);
});

tensorTest("axes() throws on a wrong rank, a fixed length and letters that do not agree", () => {
  const xt = tf.zeros([2, 4, 5, 3]);
  assertThrows(() => axes([xt, "B H W"]), RangeError, "its rank must be 3: current value is [2,4,5,3]");
  assertThrows(() => axes([xt, "B H W 1"]), RangeError, "axis 3 (1) must be 1");
  assertThrows(() => axes([xt, "B H W C"], [tf.zeros([3]), "B"]), RangeError, "axis 0 (B) must be 2");
  assertThrows(() => axes([xt, "B H H C"]), RangeError, "axis 2 (H) must be 4");
});

tensorTest("tensorScope() disposes across await what it owns, and keeps what is taken out", async () => {
  let kept: tf.Tensor | undefined, owned: tf.Tensor[] = [];
  {
    using scope = tensorScope();
    const pair = scope.own({ a: tf.ones([2]), b: [tf.zeros([1])] });
    await Promise.resolve();
    kept = scope.keep(scope.own(tf.add(pair.a, 1)));
    owned = tensorsOf(pair);
  }
  assertEquals(owned.map(({ isDisposed }) => isDisposed), [true, true]);
  close(kept.dataSync(), [2, 2], 0);
  kept.dispose();
});

tensorTest("tensorScope() disposes when the block throws", async () => {
  const failing = async (): Promise<void> => {
    using scope = tensorScope();
    scope.own(tf.ones([3]));
    await Promise.resolve();
    throw new Error("stop");
  };
  await assertRejects(failing, Error, "stop");
});

tensorTest("parameters are copied, mapped, counted and disposed under their names", async () => {
  const params = { "a.weight": tf.tensor2d([[1, 2], [3, 4]]), bias: tf.tensor1d([5]) };
  const made = await newTensors(() => {
    const copy = cloneParams(params), zeros = zerosLikeParams(params);
    assertEquals(countParams(copy), 5);
    disposeParams(copy);
    close(params.bias.dataSync(), [5], 0); // disposing the copy leaves the original
    close(zeros["a.weight"].dataSync(), [0, 0, 0, 0], 0);
    disposeParams(zeros);
  });
  assertEquals(made, 0);
  assertEquals(mapParams(params, (tensor, name) => `${name} ${tensor.size}`), {
    "a.weight": "a.weight 4",
    bias: "bias 1",
  });
  disposeParams(params);
});

tensorTest("hashParams() depends on names, shapes and bytes, and not on the order", async () => {
  const scope = tensorScope();
  const a = scope.own({ x: tf.tensor1d([0, 1]), y: tf.tensor1d([2], "int32") });
  const same = scope.own(uploadParams(await downloadParams({ y: a.y, x: a.x })));
  assert(await paramsEqualBytes(a, same));
  const others: Params[] = [
    { x: tf.tensor1d([-0, 1]), y: tf.tensor1d([2], "int32") },
    { x: tf.tensor2d([[0, 1]]), y: tf.tensor1d([2], "int32") },
    { x: tf.tensor1d([0, 1]), y: tf.tensor1d([2]) },
    { x: tf.tensor1d([0, 1]), z: tf.tensor1d([2], "int32") },
  ];
  scope.own(others);
  const hashes = await Promise.all([a, ...others].map((params) => hashParams(params)));
  assertEquals(new Set(hashes).size, 5);
  scope[Symbol.dispose]();
});

tensorTest("normalTensor() has the same values on every engine", () => {
  const noise: tf.Tensor2D = normalTensor<tf.Rank.R2>(rng(1, "a"), [2, 3]);
  assertEquals(noise.shape, [2, 3]);
  assertEquals([...noise.dataSync()], [...rng(1, "a").normals(6)]);
});
