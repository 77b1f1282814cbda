import * as tf from "@tensorflow/tfjs";
import { nativeBackendName } from "./backend_name.ts";
import { registerBfloat16Kernels } from "./bfloat16_kernels.ts";
import { replaceKernels } from "./kernels.ts";
import { NativeBackend } from "./native_backend.ts";
import type { NativeEngine } from "./native_engine.ts";

/** Registers the engine with tfjs, not yet as the current backend. */
export function registerNativeBackend(engine: NativeEngine): void {
  tf.registerBackend(nativeBackendName, () => new NativeBackend(engine), 3);
  replaceKernels(nativeBackendName);
  registerBfloat16Kernels(nativeBackendName);
}
