import * as tf from "@tensorflow/tfjs";
import { nativeBackendName } from "./backend_name.ts";
import { EngineError } from "./errors.ts";
import type { EngineChoice, EngineInfo } from "./info.ts";
import { installLibrary, type OnProgress } from "./install.ts";
import { installedLibrary, type LibraryKind, namedLibrary } from "./library.ts";
import { hasNvidiaDevice } from "./nvidia.ts";
import type { LibraryFiles } from "./tensorflow.ts";
import { verifyLibrary } from "./verify.ts";
import { useWasm } from "./wasm.ts";

/** How to start the engine. */
export interface StartOptions {
  /** `auto` (default): TensorFlow if it is there or can be brought, with CUDA if that was set up, else wasm. */
  readonly engine?: EngineChoice;
  /** Threads inside one operation; by default the cores this process may use, at most 16. On wasm always 1. */
  readonly threads?: number;
  /** Whether to bring TensorFlow if it is not there; true by default. */
  readonly install?: boolean;
  /** Gets a line for people now and then while TensorFlow is brought; by default they go to stderr. */
  readonly onProgress?: OnProgress;
}

/** Threads by default, at most: steps of the size used here gain nothing from more. */
const mostThreads = 16;

let current: EngineInfo | undefined;
/** TensorFlow can be loaded once in a process. */
let native: EngineInfo | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Starts the engine that tfjs computes with, or returns the one that runs.
 *
 * Another call may switch between TensorFlow and wasm; tensors of the one are of no use to the other.
 *
 * @throws {EngineError} If an engine other than `auto` was asked for and cannot be had, or TensorFlow runs already with
 * another device or number of threads.
 */
export function startEngine(options: StartOptions = {}): Promise<EngineInfo> {
  const next = last.then(() => start(options));
  last = next.catch(() => {});
  return next;
}

/** Returns the engine that runs; undefined before `startEngine`. */
export function startedEngine(): EngineInfo | undefined {
  return current;
}

/**
 * Returns the engine that runs.
 *
 * @throws {EngineError} If `startEngine` has not been called.
 */
export function engineInfo(): EngineInfo {
  if (current === undefined) throw new EngineError("Cannot describe the engine as startEngine() must have been called");
  return current;
}

async function start(options: StartOptions): Promise<EngineInfo> {
  const choice = options.engine ?? "auto";
  if (choice === "wasm") current = await startWasm();
  else if (choice !== "auto") current = await startNative(choice, options);
  else if (current === undefined || current.backend === "tensorflow") {
    try {
      current = await startNative("auto", options);
    } catch (error) {
      if (native !== undefined || !(error instanceof EngineError)) throw error;
      current = await startWasm(error.message);
    }
  }
  return current!;
}

async function startWasm(why?: string): Promise<EngineInfo> {
  const version = await useWasm();
  const line = `Engine: WebAssembly (tfjs ${version}), 1 thread, many times slower than TensorFlow`;
  return { engine: "wasm", backend: "wasm", version, threads: 1, line: why ? `${line}. ${why}` : line };
}

async function startNative(choice: "auto" | LibraryKind, options: StartOptions): Promise<EngineInfo> {
  const threads = options.threads ?? native?.threads ?? Math.min(navigator.hardwareConcurrency, mostThreads);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`Cannot start the engine as threads must be a positive integer: current value is ${threads}`);
  }
  if (native === undefined) native = await load(choice, threads, options);
  else if (choice !== "auto" && choice !== native.engine) {
    throw new EngineError(
      `Cannot start the ${choice} engine as TensorFlow runs in this process on the ${native.engine}`,
    );
  } else if (threads !== native.threads) {
    throw new EngineError(`Cannot use ${threads} threads as TensorFlow runs in this process with ${native.threads}`);
  }
  await tf.setBackend(nativeBackendName);
  return native;
}

async function load(choice: "auto" | LibraryKind, threads: number, options: StartOptions): Promise<EngineInfo> {
  const { library, kind } = await findOrInstall(choice, options);
  await verifyLibrary(library, kind);
  const [{ loadTensorFlow }, { NativeEngine }, { registerNativeBackend }] = await Promise.all([
    import("./tensorflow.ts"),
    import("./native_engine.ts"),
    import("./register.ts"),
  ]);
  const tensorflow = loadTensorFlow(library, { threads, gpu: kind === "gpu" });
  registerNativeBackend(new NativeEngine(tensorflow));
  const { version, gpus } = tensorflow;
  const device = gpus === 0 ? "CPU" : gpus === 1 ? "1 GPU" : `${gpus} GPUs`;
  const line = `Engine: TensorFlow ${version}, ${device}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return { engine: gpus === 0 ? "cpu" : "gpu", backend: "tensorflow", version, threads, line };
}

async function findOrInstall(
  choice: "auto" | LibraryKind,
  options: StartOptions,
): Promise<{ library: LibraryFiles; kind: LibraryKind }> {
  const named = namedLibrary();
  const withCuda = choice === "auto" && hasNvidiaDevice() && (named?.nvidia.length || installedLibrary("gpu"));
  const kind = choice === "auto" ? (withCuda ? "gpu" : "cpu") : choice;
  const library = named ?? installedLibrary(kind);
  if (library !== undefined) return { library, kind };
  if (options.install === false) {
    throw new EngineError(`Cannot start the ${kind} engine as TensorFlow must be set up: run deno task setup`);
  }
  return { library: await installLibrary(kind, options.onProgress ?? console.error), kind };
}
