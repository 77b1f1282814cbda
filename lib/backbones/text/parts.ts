import { disposeParams, type Params } from "../../core/mod.ts";
import { type Layout, loadParams, matchParams, openCheckpoint } from "../../weights/mod.ts";

/**
 * Gives the weights of one part of a network, those whose names begin with a prefix. They belong to the caller.
 *
 * Text encoders run once, part by part: the weights of FLUX's larger one would take 19 GB as a whole.
 */
export type PartReader = (prefix: string) => Promise<Params>;

/** The parts of a network in a checkpoint, which is open until it is disposed. */
export interface CheckpointParts extends Disposable {
  /** Reads a part, as float32. */
  readonly read: PartReader;
}

/**
 * Open a checkpoint of a network that is run part by part, and check that its names and shapes are the network's.
 *
 * @param path A file, the index of a sharded checkpoint, or a folder that holds one of them.
 * @param shapes Shape of every parameter.
 * @param unused Names that the checkpoint may hold as well.
 * @param layout Of its names, where they are not the network's.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If names are missing or unmatched, or shapes differ; it lists them.
 */
export async function openParts(
  path: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  unused: RegExp,
  layout?: Layout,
): Promise<CheckpointParts> {
  const source = await openCheckpoint(path, { layout, include: (name) => !unused.test(name) });
  try {
    matchParams(source.tensors, shapes, path);
  } catch (error) {
    source[Symbol.dispose]();
    throw error;
  }
  return {
    read: (prefix) => loadParams(source, Object.keys(shapes).filter((name) => name.startsWith(prefix))),
    [Symbol.dispose]: () => source[Symbol.dispose](),
  };
}

/**
 * Use a part and free it.
 *
 * @param read Reads it.
 * @param prefix With which its names begin.
 * @param use What to compute of it.
 * @returns What `use` returned.
 */
export async function withPart<T>(read: PartReader, prefix: string, use: (params: Params) => T): Promise<T> {
  const params = await read(prefix);
  try {
    return use(params);
  } finally {
    disposeParams(params);
  }
}
