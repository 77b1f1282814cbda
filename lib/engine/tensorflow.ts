import { type CApi, frameworkSymbols, mainSymbols } from "./c_api.ts";
import { textAt } from "./c_text.ts";
import { keepLoaded } from "./keep_loaded.ts";
import { sessionConfig, type SessionOptions } from "./session_config.ts";
import { withoutStderr } from "./stderr.ts";

/** A loaded TensorFlow: its functions, its eager context, and what it found. */
export interface TensorFlow {
  readonly api: CApi;
  readonly context: Deno.PointerValue;
  readonly version: string;
  /** Number of CUDA devices in the context. */
  readonly gpus: number;
  /**
   * Calls a function that reports through a status, and throws TensorFlow's message if it fails.
   *
   * The status is shared by all calls: only for calls that end before JavaScript goes on.
   */
  checked<T>(call: (status: Deno.PointerValue) => T): T;
}

/** Files to load. */
export interface LibraryFiles {
  /** Path of `libtensorflow_cc`. */
  readonly main: string;
  /** Path of `libtensorflow_framework`, in the same folder. */
  readonly framework: string;
  /** Paths of NVIDIA's libraries, for the CUDA build. */
  readonly nvidia: readonly string[];
}

/**
 * Loads TensorFlow and creates its eager context.
 *
 * What its C++ code writes to stderr while it loads is dropped: nothing in it concerns a user of this project.
 *
 * @throws {Error} If the libraries cannot be loaded or the context cannot be created.
 */
export function loadTensorFlow(files: LibraryFiles, options: SessionOptions): TensorFlow {
  setEnvironment({ TF_CPP_MIN_LOG_LEVEL: "3" });
  if (options.gpu) setEnvironment({ TF_DETERMINISTIC_OPS: "1" });
  return withoutStderr(() => {
    preload(files.nvidia);
    const api: CApi = {
      ...Deno.dlopen(files.main, mainSymbols).symbols,
      ...Deno.dlopen(files.framework, frameworkSymbols).symbols,
    };
    keepLoaded(files.main);
    const status = api.TF_NewStatus();
    const checked = <T>(call: (status: Deno.PointerValue) => T): T => {
      const result = call(status);
      throwIfFailed(api, status);
      return result;
    };
    const contextOptions = api.TFE_NewContextOptions();
    const config = sessionConfig(options);
    checked((status) => api.TFE_ContextOptionsSetConfig(contextOptions, config, BigInt(config.byteLength), status));
    const context = checked((status) => api.TFE_NewContext(contextOptions, status));
    api.TFE_DeleteContextOptions(contextOptions);
    const gpus = checked((status) => countGpus(api, context, status));
    return { api, context, version: textAt(api.TF_Version()), gpus, checked };
  });
}

/** Throws TensorFlow's own message if `status` reports a failure. */
export function throwIfFailed(api: CApi, status: Deno.PointerValue): void {
  if (api.TF_GetCode(status) !== 0) throw new Error(textAt(api.TF_Message(status)));
}

/** What the user set stays as it is. */
function setEnvironment(defaults: Record<string, string>): void {
  for (const [name, value] of Object.entries(defaults)) if (!Deno.env.has(name)) Deno.env.set(name, value);
}

/**
 * Loads libraries so that TensorFlow, which asks for them by name, finds them in the process.
 *
 * They need one another in an order that no list gives: those that fail are tried again after the others. What cannot
 * be loaded at all shows as a missing device.
 */
function preload(paths: readonly string[]): void {
  let waiting = paths;
  let before: number;
  do {
    before = waiting.length;
    waiting = waiting.filter((path) => !canLoad(path));
  } while (waiting.length > 0 && waiting.length < before);
}

function canLoad(path: string): boolean {
  try {
    Deno.dlopen(path, {});
    return true;
  } catch {
    return false;
  }
}

function countGpus(api: CApi, context: Deno.PointerValue, status: Deno.PointerValue): number {
  const devices = api.TFE_ContextListDevices(context, status);
  let gpus = 0;
  for (let index = 0; index < api.TF_DeviceListCount(devices); index++) {
    if (textAt(api.TF_DeviceListType(devices, index, status)) === "GPU") gpus++;
  }
  api.TF_DeleteDeviceList(devices);
  return gpus;
}
