import { tf, trace } from "../../lib/engine/mod.ts";
import { assertRejects, assertThrows } from "../assert.ts";
import { close, tensorTest } from "../support.ts";

const values = Float32Array.from({ length: 20_000 }, (_, index) => index);
let outside: tf.Tensor | undefined;

/** Steps that a trace must refuse, and a part of the message. */
const refused: Record<string, [(x: tf.Tensor) => tf.Tensor, string]> = {
  "reads its argument": [(x) => x.mul(x.dataSync()[0]), "must not read values"],
  "reads a computed value": [(x) => tf.scalar(x.sum().arraySync() as number), "must not read values"],
  "reads in passing": [(x) => (void x.data(), x), "must not read values"],
  "prints": [(x) => (x.print(), x), "must not read values"],
  "draws normal numbers": [(x) => x.add(tf.randomNormal([2])), "tf.randomNormal"],
  "draws uniform numbers": [(x) => x.add(tf.randomUniform([2])), "tf.randomUniform"],
  "draws truncated numbers": [(x) => x.add(tf.truncatedNormal([2])), "tf.truncatedNormal"],
  "drops out": [(x) => tf.dropout(x, 0.5), "tf.dropout"],
  "bakes in a large constant": [(x) => x.add(tf.tensor1d(values).sum()), "must not exceed 65536 bytes"],
  "makes a variable": [(x) => tf.variable(x).add(1), "must not make variables"],
  "returns no tensor": [() => 3 as unknown as tf.Tensor, "every leaf must be a tensor"],
  "returns a promise": [(x) => Promise.resolve(x) as unknown as tf.Tensor, "every leaf must be a tensor"],
};

for (const [what, [fn, message]] of Object.entries(refused)) {
  tensorTest(`trace() refuses a step that ${what}`, () => {
    const step = trace(fn, { name: "bad" });
    assertThrows(() => step.sync(tf.ones([2])), Error, message);
    assertThrows(() => step.sync(tf.ones([2])), Error, "bad");
  });
}

tensorTest("trace() refuses an async function", () => {
  // deno-lint-ignore require-await
  const step = async (x: tf.Tensor) => x.add(1);
  assertThrows(() => trace(step as unknown as (x: tf.Tensor) => tf.Tensor), TypeError, "must be a plain function");
});

tensorTest("trace() refuses a step that assigns a variable", () => {
  const variable = tf.variable(tf.zeros([2]));
  const step = trace((x: tf.Tensor) => (variable.assign(x), x));
  assertThrows(() => step.sync(tf.ones([2])), Error, "must not assign variables");
  close(variable, [0, 0], 0);
  variable.dispose();
});

tensorTest("trace() refuses a step that waits for another", () => {
  const inner = trace((x: tf.Tensor) => x.square());
  const outer = trace((x: tf.Tensor) => (inner(x), x));
  assertThrows(() => outer.sync(tf.ones([2])), Error, "use .sync()");
});

tensorTest("trace() refuses arguments that hold no tensors", () => {
  const step = trace((x: { a: tf.Tensor }) => x.a.add(1), { name: "bad" });
  assertThrows(() => step.sync({ a: 3 as unknown as tf.Tensor }), TypeError, "the arguments of bad[0].a");
});

tensorTest("trace() reports asynchronously what it refuses", async () => {
  const x = tf.ones([2]);
  await assertRejects(() => trace((x: tf.Tensor) => (x.dataSync(), x))(x), Error, "must not read values");
  x.dispose();
});

tensorTest("trace() lets a step read what it closes over and what it makes itself", () => {
  const closed = tf.tensor1d([2, 3]);
  const step = trace((x: tf.Tensor) => x.mul(closed.dataSync()[1]).add(tf.scalar(4).dataSync()[0]));
  close(step.sync(tf.scalar(5)), 19, 0);
  step.dispose();
});

tensorTest("trace() leaves tfjs as it was when a gradient inside it fails", () => {
  const step = trace((x: tf.Tensor) => tf.grad((x: tf.Tensor) => x.mul(x.sum().dataSync()[0]).sum())(x));
  assertThrows(() => step.sync(tf.ones([2])), Error, "must not read values");
  close(tf.grad((x: tf.Tensor) => x.square().sum())(tf.tensor1d([1, 2])), [2, 4], 0);
});

tensorTest("trace() says so when a computed value escapes from the step", () => {
  const step = trace((x: tf.Tensor) => outside = tf.keep(x.add(1)));
  step.sync(tf.scalar(1));
  assertThrows(() => outside!.add(1).dataSync(), Error, "made inside a traced step");
  outside!.dispose();
  step.dispose();
}, { engines: ["native"] });
