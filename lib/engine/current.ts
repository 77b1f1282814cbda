import * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./native_backend.ts";

/** Name under which tfjs knows the native engine; tfjs-node's kernels are registered for it. */
export const nativeBackendName = "tensorflow";

/** Returns the native backend if it is the current one. */
export function nativeBackend(): NativeBackend | undefined {
  return tf.getBackend() === nativeBackendName ? tf.backend() as unknown as NativeBackend : undefined;
}
