/** Tensors: tfjs over TensorFlow's C library where there is one, over WebAssembly elsewhere. */
import "./tfjs_banner.ts";
export * as tf from "@tensorflow/tfjs";
export { checkpoint } from "./checkpoint.ts";
export { type EngineChoice, type EngineInfo } from "./current.ts";
export { engineInfo, startEngine } from "./start.ts";
export { trace, type Traced, type TraceInfo } from "./trace.ts";
export { type TensorTree } from "./tree.ts";
