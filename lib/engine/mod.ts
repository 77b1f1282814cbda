/**
 * The engine: tfjs over TensorFlow's C library where there is one, over WebAssembly elsewhere.
 *
 * @module
 */
export { bfloat16Product, bfloat16Tensor, isBfloat16, readBfloat16, toBfloat16, toFloat32 } from "./bfloat16.ts";
export { bfloat16Bits, bfloat16Values } from "./bfloat16_values.ts";
export { checkpoint, delayed } from "./checkpoint.ts";
export { AsasrError, EngineError } from "./errors.ts";
export { type EngineChoice, type EngineInfo } from "./info.ts";
export { type OnProgress } from "./install.ts";
export { oneLine } from "./one_line.ts";
export { engineInfo, startEngine, type StartOptions } from "./start.ts";
export { buildTensor, type TensorBuilder } from "./tensor_builder.ts";
export { trace, type Traced, type TraceInfo } from "./trace.ts";
export { type TensorTree } from "./tree.ts";
export * as tf from "./tf.ts";
