import { basename, join } from "node:path";
import { DTYPE_BYTES, encodeTensorHeader, type FileDtype, writeAtomic, writeJson } from "../core/mod.ts";

/** A tensor that is to be written. */
export interface WritableTensor {
  /** New among all. */
  readonly name: string;
  /** Type in the file. */
  readonly dtype: FileDtype;
  /** Lengths of its axes. */
  readonly shape: readonly number[];
  /** Its values in pieces, little-endian and row-major; asked for when they are written. */
  bytes(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** How to write a sharded checkpoint. */
export interface ShardOptions {
  /** Largest data of a file, in bytes; a larger tensor has a file of its own. Default 10 GB, as diffusers. */
  readonly shardBytes?: number;
  /** First part of the names of the files. Default `diffusion_pytorch_model`, as diffusers. */
  readonly stem?: string;
  /** Texts in the header of every file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Write a checkpoint as diffusers does: several safetensors files and an index, or a single file where all fits into one.
 *
 * No more than one piece of one tensor is in memory. Each file is written atomically, the index last.
 *
 * @param folder Where the files go; it is created where it is missing.
 * @param tensors In the order of the files.
 * @param options Size and names of the files.
 * @returns Paths of the safetensors files.
 * @throws {InputOutputError} If a file cannot be written.
 * @throws {RangeError} If a name is given twice or reserved, or a tensor has not as many bytes as its shape says.
 */
export async function writeSharded(
  folder: string,
  tensors: readonly WritableTensor[],
  options: ShardOptions = {},
): Promise<string[]> {
  const { shardBytes = 10e9, stem = "diffusion_pytorch_model", metadata } = options;
  encodeTensorHeader(tensors); // refuses bad names before anything is written
  const shards = splitInto(tensors, shardBytes);
  const digits = (n: number) => String(n).padStart(5, "0");
  const files = shards.map((_, i) =>
    join(
      folder,
      shards.length === 1 ? `${stem}.safetensors` : `${stem}-${digits(i + 1)}-of-${digits(shards.length)}.safetensors`,
    )
  );
  for (const [i, shard] of shards.entries()) await writeAtomic(files[i], encode(shard, metadata));
  if (shards.length > 1) {
    const weights = shards.flatMap((shard, i) => shard.map(({ name }) => [name, basename(files[i])]));
    await writeJson(join(folder, `${stem}.safetensors.index.json`), {
      metadata: { total_size: tensors.reduce((sum, tensor) => sum + byteLength(tensor), 0) },
      weight_map: Object.fromEntries(weights),
    });
  }
  return files;
}

function splitInto(tensors: readonly WritableTensor[], limit: number): WritableTensor[][] {
  const shards: WritableTensor[][] = [];
  let filled = Infinity;
  for (const tensor of tensors) {
    const bytes = byteLength(tensor);
    if (filled + bytes > limit) {
      shards.push([]);
      filled = 0;
    }
    shards[shards.length - 1].push(tensor);
    filled += bytes;
  }
  return shards;
}

async function* encode(
  shard: readonly WritableTensor[],
  metadata: ShardOptions["metadata"],
): AsyncGenerator<Uint8Array> {
  yield encodeTensorHeader(shard, metadata);
  for (const tensor of shard) {
    let written = 0;
    for await (const bytes of tensor.bytes()) {
      written += bytes.length;
      yield bytes;
    }
    if (written !== byteLength(tensor)) {
      throw new RangeError(
        `Cannot write ${tensor.name} as [${tensor.shape}] takes ${
          byteLength(tensor)
        } bytes: current value is ${written}`,
      );
    }
  }
}

function byteLength({ dtype, shape }: WritableTensor): number {
  return shape.reduce((size, length) => size * length, DTYPE_BYTES[dtype]);
}
