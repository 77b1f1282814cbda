import { startEngine, tf, trace } from "../../lib/engine/mod.ts";
import { close, nativeAvailable, tensorTest } from "../support.ts";
import { gradients, operands, operations } from "./operations.ts";

const tolerance = { absolute: 1e-6, relative: 1e-5 };

tensorTest("trace() gives what every operation gives eagerly, and its gradients", () => {
  const wasm = tf.getBackend() === "wasm";
  for (const operation of operations) {
    if (wasm && operation.wasm === "nothing") continue;
    named(operation.name, () => {
      const xs = operands(operation);
      const forward = trace((xs: tf.Tensor[]) => operation.fn(...xs));
      close(forward.sync(xs), operation.fn(...xs), tolerance);
      forward.dispose();
      if (wasm && operation.wasm) return;
      const backward = trace((xs: tf.Tensor[]) => gradients(operation, xs));
      const eager = gradients(operation, xs);
      backward.sync(xs).forEach((gradient, index) => close(gradient, eager[index], tolerance));
      backward.dispose();
    });
  }
});

Deno.test({
  name: "wasm gives what TensorFlow gives, and its gradients",
  ignore: !nativeAvailable,
  async fn() {
    const run = async (engine: "cpu" | "wasm") => {
      await startEngine({ engine, threads: 2, install: false });
      return tf.tidy(() =>
        operations.filter(({ wasm }) => wasm !== "nothing").map((operation) => {
          const xs = operands(operation);
          const results = [operation.fn(...xs), ...(operation.wasm ? [] : gradients(operation, xs))];
          return results.map((result) => result.arraySync());
        })
      );
    };
    const [native, wasm] = [await run("cpu"), await run("wasm")];
    operations.filter(({ wasm }) => wasm !== "nothing").forEach(({ name }, index) =>
      named(name, () => close(wasm[index] as number[], native[index] as number[], { absolute: 1e-5, relative: 1e-5 }))
    );
  },
});

function named(name: string, check: () => void): void {
  try {
    tf.tidy(check);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
