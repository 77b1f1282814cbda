import { DataError } from "../core/mod.ts";
import { checkpointFiles } from "./checkpoint_files.ts";
import { type Layout, ownNames, pieceShape, type TensorPiece } from "./layout.ts";
import { openSafetensors, type SafetensorsFile } from "./safetensors_file.ts";
import type { SourceTensor, WeightSource } from "./source.ts";
import { convertValues, HELD_BYTES, heldDtype, isHeldAsStored, type Precision } from "./values.ts";

/** How to read a checkpoint. */
export interface CheckpointOptions {
  /** What to do with floating-point values; `float32` by default. */
  readonly precision?: Precision;
  /** Names and parts, where the file has not the network's own. */
  readonly layout?: Layout;
  /** Tells from the network's name whether to have the tensor; by default all. */
  readonly include?: (name: string) => boolean;
}

/** Bytes that are converted at a time. */
const CHUNK = 8 * 2 ** 20;

interface Located extends SourceTensor {
  readonly file: SafetensorsFile;
  readonly piece: TensorPiece;
}

/**
 * Open a checkpoint in the safetensors format: all headers are read and checked, no values yet. Files may be larger than
 * memory.
 *
 * @param path A file, the index of a sharded checkpoint, or a folder that holds one of them.
 * @param options Precision, layout and a choice of names.
 * @returns What it holds, by the network's names; close it with `using`.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If a header breaks a rule of the format, files and index disagree, or a type cannot be read.
 */
export async function openCheckpoint(path: string, options: CheckpointOptions = {}): Promise<WeightSource> {
  const { precision = "float32", layout = ownNames, include = () => true } = options;
  const { files, weightMap } = await checkpointFiles(path);
  using opened = new DisposableStack();
  const shards: SafetensorsFile[] = [];
  for (const path of files) shards.push(opened.use(await openSafetensors(path)));
  if (weightMap) { for (const shard of shards) checkShard(shard, weightMap); }

  const places = new Map(shards.flatMap((file) => Array.from(file.entries.keys(), (name) => [name, file] as const)));
  const shapes = new Map(shards.flatMap((file) => [...file.entries]));
  const located = new Map<string, Located>();
  for (const [name, piece] of layout(shapes)) {
    if (!include(name)) continue;
    const file = places.get(piece.source)!, entry = shapes.get(piece.source)!;
    const shape = pieceShape(piece, entry);
    const dtype = heldDtype(entry.dtype, shape.length, precision, `tensor ${piece.source} of ${file.path}`);
    const bytes = shape.reduce((size, length) => size * length, HELD_BYTES[dtype]);
    located.set(name, { file, piece, shape, stored: entry.dtype, dtype, bytes });
  }
  const keep = opened.move();
  return {
    label: path,
    tensors: Object.fromEntries(located),
    metadata: Object.assign({}, ...shards.map((shard) => shard.metadata)),
    read: (name, into) => readPiece(located.get(name)!, into),
    [Symbol.dispose]: () => keep[Symbol.dispose](),
  };
}

async function readPiece({ file, piece, dtype }: Located, into: Uint8Array): Promise<void> {
  const entry = file.entries.get(piece.source)!, label = `tensor ${piece.source} of ${file.path}`;
  const rowBytes = (entry.end - entry.begin) / entry.shape[0];
  const ranges = piece.rows?.map(([begin, end]) => [begin * rowBytes, end * rowBytes]) ??
    [[0, entry.end - entry.begin]];
  let at = 0;
  for (const [begin, end] of ranges) {
    if (isHeldAsStored(entry.dtype, dtype)) {
      await file.read(piece.source, into.subarray(at, at += end - begin), begin);
      continue;
    }
    for (let from = begin; from < end; from += CHUNK) {
      const stored = new Uint8Array(Math.min(CHUNK, end - from));
      await file.read(piece.source, stored, from);
      const values = convertValues(entry.dtype, dtype, stored, label);
      into.set(values, at);
      at += values.length;
    }
  }
}

/** A shard holds what the index says, no less and no more: otherwise a tensor would be missing or read twice. */
function checkShard({ path, entries }: SafetensorsFile, weightMap: ReadonlyMap<string, string>): void {
  const missing = [...weightMap].filter(([name, shard]) => shard === path && !entries.has(name)).map(([name]) => name);
  const foreign = [...entries.keys()].filter((name) => weightMap.get(name) !== path);
  for (const [names, rule] of [[missing, "hold what its index says"], [foreign, "hold nothing else"]] as const) {
    if (names.length > 0) {
      throw new DataError(`Cannot read ${path} as it must ${rule}: current value is ${names.join(", ")}`);
    }
  }
}
