/** Which engine to use: `auto` takes the best that can be had, the others that one or none. */
export type EngineChoice = "auto" | "cpu" | "gpu" | "wasm";

/** The engine that runs. */
export interface EngineInfo {
  /** What computes: TensorFlow on the processor or with CUDA, or wasm. */
  readonly engine: "cpu" | "gpu" | "wasm";
  /** Native code, or tfjs's WebAssembly kernels. */
  readonly backend: "tensorflow" | "wasm";
  /** Version of TensorFlow, or of tfjs for wasm. */
  readonly version: string;
  /** Threads inside one operation. The same number gives the same bytes, another one other last bits. */
  readonly threads: number;
  /** One line for people. */
  readonly line: string;
}
