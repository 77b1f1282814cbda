import * as tf from "@tensorflow/tfjs";
import { nativeBackendName } from "./backend_name.ts";
import type { NativeBackend } from "./native_backend.ts";

/** Returns the native backend if it is the current one. */
export function nativeBackend(): NativeBackend | undefined {
  return tf.getBackend() === nativeBackendName ? tf.backend() as unknown as NativeBackend : undefined;
}
