import * as tf from "@tensorflow/tfjs";
import type { EngineChoice, EngineInfo } from "./current.ts";
import { findLibrary } from "./library.ts";

let started: EngineInfo | undefined;
let native: { info: EngineInfo } | undefined;

/** Starts the engine. */
export async function startEngine(
  options: { engine?: EngineChoice; threads?: number; install?: boolean } = {},
): Promise<EngineInfo> {
  const library = findLibrary();
  if (options.engine !== "wasm" && library !== undefined) {
    const threads = options.threads ?? navigator.hardwareConcurrency;
    if (!native) {
      const [{ loadTensorFlow }, { NativeEngine }, { registerNativeBackend }] = await Promise.all([
        import("./tensorflow.ts"),
        import("./native_engine.ts"),
        import("./native_backend.ts"),
      ]);
      const tensorflow = loadTensorFlow({ ...library, nvidia: [] }, { threads, gpu: false });
      registerNativeBackend(new NativeEngine(tensorflow));
      const { version } = tensorflow;
      const line = `TensorFlow ${version} on the CPU, ${threads} threads`;
      native = { info: { engine: "cpu", backend: "tensorflow", version, threads, line } };
    }
    await tf.setBackend("tensorflow");
    started = native.info;
    return started;
  }
  const { startWasm } = await import("./wasm.ts");
  started = await startWasm();
  return started;
}

/** Returns what runs. @throws {Error} Before `startEngine`. */
export function engineInfo(): EngineInfo {
  if (!started) throw new Error("Cannot describe the engine as startEngine() must be called first");
  return started;
}
