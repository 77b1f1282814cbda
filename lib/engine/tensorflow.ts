import { type CApi, frameworkSymbols, mainSymbols } from "./c_api.ts";
import { textAt } from "./c_text.ts";
import { sessionConfig, type SessionOptions } from "./session_config.ts";
import { withoutStderr } from "./stderr.ts";

/** A loaded TensorFlow: its functions, its eager context, and what it found. */
export interface TensorFlow {
  readonly api: CApi;
  readonly context: Deno.PointerValue;
  readonly version: string;
  /** Number of CUDA devices in the context. */
  readonly gpus: number;
  /** Runs `call` with a fresh status. @throws {Error} With TensorFlow's message, if the call reports one. */
  checked<T>(call: (status: Deno.PointerValue) => T): T;
}

/** Throws TensorFlow's own message if `status` is not OK. */
export function throwIfFailed(api: CApi, status: Deno.PointerValue, doing: string): void {
  const code = api.TF_GetCode(status);
  if (code !== 0) {
    throw new Error(`Cannot ${doing} as TensorFlow refuses: ${textAt(api.TF_Message(status))} (code ${code})`);
  }
}

/**
 * Loads TensorFlow and creates its eager context.
 *
 * What its C++ code writes to stderr while it loads is dropped: nothing in it concerns a user of this project.
 *
 * @param library Full path of `libtensorflow_cc`.
 * @param framework Full path of `libtensorflow_framework`, in the same folder.
 * @throws {Error} If the libraries cannot be loaded or the context cannot be created.
 */
export function loadTensorFlow(library: string, framework: string, options: SessionOptions): TensorFlow {
  Deno.env.set("TF_CPP_MIN_LOG_LEVEL", Deno.env.get("TF_CPP_MIN_LOG_LEVEL") ?? "3");
  return withoutStderr(() => {
    const main = Deno.dlopen(library, mainSymbols);
    const api: CApi = { ...main.symbols, ...Deno.dlopen(framework, frameworkSymbols).symbols };
    const checked = <T>(call: (status: Deno.PointerValue) => T): T => {
      const status = api.TF_NewStatus();
      try {
        const result = call(status);
        throwIfFailed(api, status, "run TensorFlow");
        return result;
      } finally {
        api.TF_DeleteStatus(status);
      }
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

function countGpus(api: CApi, context: Deno.PointerValue, status: Deno.PointerValue): number {
  const devices = api.TFE_ContextListDevices(context, status);
  let gpus = 0;
  for (let index = 0; index < api.TF_DeviceListCount(devices); index++) {
    if (textAt(api.TF_DeviceListType(devices, index, status)) === "GPU") gpus++;
  }
  api.TF_DeleteDeviceList(devices);
  return gpus;
}
