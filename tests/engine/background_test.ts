import { nativeBackend } from "../../lib/engine/current.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { tensorTest } from "../support.ts";

/** About a hundred milliseconds of matrix products. */
const heavy = (x: tf.Tensor): tf.Tensor => {
  let y = x;
  for (let round = 0; round < 12; round++) y = y.matMul(x).div(x.shape[0]);
  return y;
};
const bytes = (tensor: tf.Tensor): Uint8Array => new Uint8Array(tensor.dataSync().buffer);
const matrix = (size: number): tf.Tensor =>
  tf.tensor(Float32Array.from({ length: size * size }, (_, index) => Math.sin(index)), [size, size]);

tensorTest("Traced() gives the same bytes as sync()", async () => {
  const x = matrix(64), step = trace(heavy);
  const expected = step.sync(x), actual = await step(x);
  assertEquals(bytes(actual), bytes(expected));
  tf.dispose([x, expected, actual]);
  step.dispose();
});

tensorTest("Traced() may be in flight several times, and its arguments be disposed meanwhile", async () => {
  const x = matrix(64), step = trace(heavy);
  const expected = step.sync(x);
  const pending = [step(x), step(x), step(x)];
  x.dispose();
  const meanwhile = tf.tidy(() => tf.add(1, 2).dataSync()[0]);
  const results = await Promise.all(pending);
  assertEquals(meanwhile, 3);
  for (const result of results) assertEquals(bytes(result), bytes(expected));
  tf.dispose([expected, results]);
  step.dispose();
});

tensorTest("Traced() leaves the event loop free", async () => {
  const x = matrix(1024), step = trace(heavy);
  step.sync(x).dispose();
  const events: string[] = [];
  const pending = step(x).then((result) => (events.push("step"), result));
  await new Promise((resolve) => setTimeout(resolve, 0)).then(() => events.push("timer"));
  const result = await pending;
  assertEquals(events, ["timer", "step"]);
  tf.dispose([x, result]);
  step.dispose();
}, { engines: ["native"] });

tensorTest("Traced() rejects with TensorFlow's message and stays usable", async () => {
  const x = tf.tensor2d([[1, 2], [3, 4]]);
  const [good, bad] = [0, 5].map((index) => tf.tensor1d([index], "int32"));
  const step = trace((x: tf.Tensor, index: tf.Tensor) => x.gather(index as tf.Tensor1D));
  await assertRejects(() => step(x, bad), Error, "indices[0] = 5 is not in [0, 2)");
  const row = await step(x, good);
  assertEquals(Array.from(row.dataSync()), [1, 2]);
  tf.dispose([x, good, bad, row]);
  step.dispose();
}, { engines: ["native"] });

tensorTest("Traced() leaves no handle of TensorFlow behind", async () => {
  const { handles } = nativeBackend()!.engine;
  const x = matrix(8), step = trace((x: tf.Tensor) => tf.grad((x: tf.Tensor) => heavy(x).sum())(x));
  (await step(x)).dispose();
  const before = handles.count;
  for (let round = 0; round < 5; round++) (await step(x)).dispose();
  step.sync(x).dispose();
  assertEquals(handles.count, before);
  assert(before > 0);
  x.dispose();
  step.dispose();
}, { engines: ["native"] });
