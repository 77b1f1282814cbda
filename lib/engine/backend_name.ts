/** Name under which tfjs knows the native engine; tfjs-node's kernels are registered for it. */
export const nativeBackendName = "tensorflow";
