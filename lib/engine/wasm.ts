import * as tf from "@tensorflow/tfjs";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { EngineError } from "./errors.ts";

/**
 * Makes tfjs's WebAssembly kernels the current backend, from the files of their package; nothing is fetched.
 *
 * They compute in one thread with SIMD, and lack some gradients: of conv2d for its filter, of gather, and the FFT.
 * What has to train everywhere uses matrix products instead.
 *
 * @returns Version of the kernels.
 */
export async function useWasm(): Promise<string> {
  if (tf.findBackend("wasm") === null) {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  }
  if (!await tf.setBackend("wasm")) {
    throw new EngineError("Cannot start the wasm engine as its WebAssembly file must load: it does not");
  }
  return version_wasm;
}
