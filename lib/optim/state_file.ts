import {
  canonicalJson,
  DataError,
  decodeTensors,
  downloadParams,
  encodeTensors,
  type HostTensor,
  type JsonValue,
  type Params,
  readBytes,
  uploadParams,
  writeAtomic,
} from "../core/mod.ts";
import type { TrainState } from "./state.ts";

const PARTS = ["params", "m", "v"] as const;

/**
 * Write a training to a file (safetensors), atomically and bit for bit.
 *
 * @param path The file.
 * @param state Stays as it is; no step of it may be under way.
 * @param extra Anything else that a resumed run needs, as JSON.
 * @throws {InputOutputError} If the file cannot be written; an older one is then still there.
 */
export async function saveTrainState(path: string, state: TrainState, extra: JsonValue = null): Promise<void> {
  const parts = PARTS.flatMap((part) =>
    Object.entries(state[part]).map(([name, tensor]) => [`${part}.${name}`, tensor] as const)
  );
  const host = await downloadParams(Object.fromEntries(parts));
  await writeAtomic(path, encodeTensors(host, { step: String(state.step), extra: canonicalJson(extra) }));
}

/**
 * Read a training from a file of `saveTrainState`.
 *
 * @param path The file.
 * @returns The same bytes that were saved, owned by the caller, and the rest.
 * @throws {InputOutputError} If the file cannot be read.
 * @throws {DataError} If it is not such a file.
 */
export async function loadTrainState(path: string): Promise<{ state: TrainState; extra: JsonValue }> {
  const { tensors, metadata } = decodeTensors(await readBytes(path), path);
  const step = Number(metadata.step ?? NaN);
  if (!Number.isSafeInteger(step) || step < 0 || metadata.extra === undefined) {
    throw new DataError(`Cannot resume from ${path} as it must name its step: current value is ${metadata.step}`);
  }
  const [params, m, v] = PARTS.map((part) => partOf(tensors, part));
  const total = Object.keys(tensors).length;
  for (const part of [params, m, v]) {
    const fits = Object.keys(part).length * PARTS.length === total &&
      Object.keys(part).every((name) => String(part[name].shape) === String(params[name]?.shape));
    if (!fits) {
      throw new DataError(
        `Cannot resume from ${path} as every parameter needs its two moments: current value is [${
          Object.keys(tensors)
        }]`,
      );
    }
  }
  const upload = (host: Record<string, HostTensor>): Params => uploadParams(host);
  return {
    state: { step, params: upload(params), m: upload(m), v: upload(v) },
    extra: JSON.parse(metadata.extra) as JsonValue,
  };
}

function partOf(tensors: Readonly<Record<string, HostTensor>>, part: string): Record<string, HostTensor> {
  const prefix = `${part}.`;
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
