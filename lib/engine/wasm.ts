import * as tf from "@tensorflow/tfjs";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import type { EngineInfo } from "./current.ts";

/** Starts tfjs's WebAssembly backend from the files of its package. */
export async function startWasm(): Promise<EngineInfo> {
  const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
  setWasmPaths(folder + sep);
  if (!await tf.setBackend("wasm")) throw new Error("Cannot start the wasm engine as its file must load");
  return {
    engine: "wasm",
    backend: "wasm",
    version: version_wasm,
    threads: 1,
    line: `tfjs ${version_wasm} in WebAssembly, 1 thread`,
  };
}
