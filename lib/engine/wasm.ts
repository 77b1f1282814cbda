import * as tf from "@tensorflow/tfjs";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { EngineError } from "./errors.ts";
import { replaceMatMul } from "./wasm_matmul.ts";

let ready = false;

/**
 * Makes tfjs's WebAssembly kernels the current backend, from the files of their package; nothing is fetched.
 *
 * They compute in one thread with SIMD. Missing, and reported by name when used: UnsortedSegmentSum (also the gradient of
 * gather), the gradients of convolutions for their filters, the FFT, and the gradient of maxPool, which is taken out here
 * because it loses windows whose values are all negative. What has to train everywhere uses matrix products instead.
 *
 * @returns Version of the kernels.
 */
export async function useWasm(): Promise<string> {
  if (!ready) setWasmPaths(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  if (!await tf.setBackend("wasm")) {
    throw new EngineError("Cannot start the wasm engine as its WebAssembly file must load: it does not");
  }
  if (!ready) {
    tf.unregisterKernel(tf.MaxPoolGrad, "wasm");
    replaceMatMul(); // the kernel that it calls is set up with the backend
  }
  ready = true;
  return version_wasm;
}
