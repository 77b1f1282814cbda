import { engineInfo, startEngine, tf } from "../../lib/engine/mod.ts";
import { sessionConfig } from "../../lib/engine/session_config.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { nativeAvailable } from "../support.ts";

// The order matters: nothing has been started when the first test runs.

Deno.test("engineInfo() throws before startEngine()", () => {
  assertThrows(engineInfo, Error, "startEngine() must have been called");
});

Deno.test("startEngine() starts wasm from the files of its package", async () => {
  const info = await startEngine({ engine: "wasm" });
  assertEquals([info.engine, info.backend, info.threads], ["wasm", "wasm", 1]);
  assertEquals(engineInfo(), info);
  assertEquals(tf.getBackend(), "wasm");
  assertEquals(await startEngine(), info, "auto takes what runs");
});

Deno.test("the wasm engine refuses the gradient of maxPool, whose kernel is wrong", () => {
  const pooled = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid").sum();
  const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
  assertThrows(() => tf.grad(pooled)(x), Error, "MaxPoolGrad");
});

Deno.test("startEngine() refuses a number of threads that is none", async () => {
  await assertRejects(
    () => startEngine({ engine: "cpu", threads: 0 }),
    RangeError,
    "threads must be a positive integer",
  );
});

Deno.test({
  name: "startEngine() starts TensorFlow once, and switches between it and wasm [native]",
  ignore: !nativeAvailable,
  async fn() {
    const [first, second] = await Promise.all([1, 2].map(() => startEngine({ engine: "cpu", threads: 2 })));
    assertEquals(first, second);
    assertEquals([first.engine, first.backend, first.threads], ["cpu", "tensorflow", 2]);
    assert(first.line.includes(first.version), first.line);
    await startEngine({ engine: "wasm" });
    assertEquals(tf.getBackend(), "wasm");
    assertEquals(await startEngine({ engine: "cpu" }), first);
    assertEquals(tf.getBackend(), "tensorflow");
    assertEquals(await startEngine(), first);
  },
});

Deno.test({
  name: "startEngine() refuses to change what TensorFlow was loaded with [native]",
  ignore: !nativeAvailable,
  async fn() {
    await assertRejects(() => startEngine({ engine: "cpu", threads: 3 }), Error, "runs in this process with 2");
    await assertRejects(() => startEngine({ engine: "gpu" }), Error, "runs in this process on the cpu");
  },
});

Deno.test("sessionConfig() writes a ConfigProto", () => {
  const hex = (threads: number, gpu: boolean) => sessionConfig({ threads, gpu }).toHex();
  // by hand from config.proto: intra_op 2, inter_op 5, device_count 1 { "GPU": 0 }, gpu_options 6 { allow_growth 4 }
  assertEquals(hex(2, false), "100228020a070a034750551000");
  assertEquals(hex(200, true), "10c80128c80132022001");
});
