/**
 * The engine: tfjs over TensorFlow's C library where there is one, over WebAssembly elsewhere.
 *
 * @module
 */
export { checkpoint } from "./checkpoint.ts";
export { AsasrError, EngineError } from "./errors.ts";
export { type EngineChoice, type EngineInfo } from "./info.ts";
export { type OnProgress } from "./install.ts";
export { oneLine } from "./one_line.ts";
export { engineInfo, startEngine, type StartOptions } from "./start.ts";
export { trace, type Traced, type TraceInfo } from "./trace.ts";
export { type TensorTree } from "./tree.ts";
export * as tf from "./tf.ts";
