import type { NativeBackend } from "./native_backend.ts";
import * as tf from "@tensorflow/tfjs";

/** Which engine to use: `auto` takes the best that can be had, the others that one or none. */
export type EngineChoice = "auto" | "cpu" | "gpu" | "wasm";

/** The engine that runs. */
export interface EngineInfo {
  readonly engine: "cpu" | "gpu" | "wasm";
  /** `tensorflow` computes in native code, `wasm` in tfjs's WebAssembly kernels. */
  readonly backend: "tensorflow" | "wasm";
  /** Version of TensorFlow, or of tfjs for wasm. */
  readonly version: string;
  /** Threads inside one operation. Results are the same bytes for the same number on the same machine type. */
  readonly threads: number;
  /** One line for people. */
  readonly line: string;
}

/** Returns the native backend if it is the current one. */
export function nativeBackend(): NativeBackend | undefined {
  return tf.getBackend() === "tensorflow" ? tf.backend() as unknown as NativeBackend : undefined;
}
