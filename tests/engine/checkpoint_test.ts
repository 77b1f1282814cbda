import { checkpoint, tf, trace } from "../../lib/engine/mod.ts";
import { assert } from "../assert.ts";
import { close, nativeAvailable, tensorTest } from "../support.ts";
import { runProgram } from "./programs/program.ts";

const block = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => x.matMul(w).tanh();

function loss(wrap: boolean): (x: tf.Tensor, w: tf.Tensor) => tf.Tensor {
  return (x, w) => {
    let y = x;
    for (let depth = 0; depth < 3; depth++) y = wrap ? checkpoint(block, [y, w]) : block(y, w);
    return y.square().sum();
  };
}

tensorTest("checkpoint() has the value and the gradients of the function itself, eager and traced", () => {
  const x = tf.tensor2d([[1, -1], [0.5, 2]]), w = tf.tensor2d([[1, 2], [-1, 0.3]]);
  const step = trace((x: tf.Tensor, w: tf.Tensor) => [loss(true)(x, w), ...tf.grads(loss(true))([x, w])]);
  const expected = [loss(false)(x, w), ...tf.grads(loss(false))([x, w])];
  const eager = [loss(true)(x, w), ...tf.grads(loss(true))([x, w])];
  const traced = step.sync(x, w);
  expected.forEach((tensor, index) => {
    close(eager[index], tensor, 1e-6);
    close(traced[index], tensor, 1e-6);
  });
  step.dispose();
});

tensorTest("checkpoint() gives an argument that the function ignores a gradient of zero", () => {
  const f = (x: tf.Tensor) => checkpoint((x) => x.square(), [x, x.mul(0).add(5)]).sum();
  close(tf.grad(f)(tf.tensor1d([1, 2])), [2, 4], 0);
});

Deno.test({
  name: "checkpoint() lowers the peak memory of a traced step [native]",
  ignore: !nativeAvailable || Deno.build.os !== "linux",
  async fn() {
    const [plain, checkpointed] = await Promise.all(["plain", "checkpoint"].map(async (mode) => {
      // reading /proc takes all permissions
      const { stdout, stderr } = await runProgram("tests/engine/programs/peak_memory.ts", [mode], {}, ["-A"]);
      assert(Number(stdout) > 0, stderr);
      return Number(stdout);
    }));
    assert(checkpointed < 0.6 * plain, `${checkpointed} MB with checkpoints, ${plain} MB without`);
  },
});
