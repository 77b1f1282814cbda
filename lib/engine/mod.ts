/** Tensors: tfjs over TensorFlow's C library where there is one, over WebAssembly elsewhere. */
import "./tfjs_banner.ts";
export * as tf from "@tensorflow/tfjs";
export { checkpoint } from "./checkpoint.ts";
export { AsasrError, EngineError } from "./errors.ts";
export { type EngineChoice, type EngineInfo } from "./info.ts";
export { type OnProgress } from "./install.ts";
export { engineInfo, startEngine, type StartOptions } from "./start.ts";
export { trace, type Traced, type TraceInfo } from "./trace.ts";
export { type TensorTree } from "./tree.ts";
