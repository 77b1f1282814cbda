import { tf } from "../engine/mod.ts";
import { DataError, type Params } from "../core/mod.ts";
import { checkpointFiles } from "./checkpoint_files.ts";
import { openSafetensors, type SafetensorsFile } from "./safetensors_file.ts";
import { decodeValues } from "./values.ts";

/** Tensors of a checkpoint and the texts in its headers. */
export interface Checkpoint {
  /** float32, int32 or bool tensors that belong to the caller. */
  readonly tensors: Params;
  /** Of all files. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Read a checkpoint in the safetensors format, one tensor at a time.
 *
 * F16 and BF16 become float32 without loss; I64 and U8 become int32.
 *
 * @param path A file, the index of a sharded checkpoint, or a folder that holds one of them.
 * @param options.include Tells from a name whether to read the tensor; by default all are read.
 * @returns Tensors by name, and the metadata of all files.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If a header breaks a rule of the format, files and index disagree, or a type cannot be read.
 */
export async function readSafetensors(
  path: string,
  options: { readonly include?: (name: string) => boolean } = {},
): Promise<Checkpoint> {
  const include = options.include ?? (() => true);
  const { files, weightMap } = await checkpointFiles(path);
  using opened = new DisposableStack();
  const shards: SafetensorsFile[] = [];
  for (const path of files) shards.push(opened.use(await openSafetensors(path)));
  if (weightMap) { for (const shard of shards) checkShard(shard, weightMap); }

  const tensors = new Map<string, tf.Tensor>();
  try {
    for (const shard of shards) {
      for (const [name, { dtype, shape }] of shard.entries) {
        if (!include(name)) continue;
        const values = decodeValues(dtype, await shard.bytes(name), `tensor ${name} of ${shard.path}`);
        tensors.set(name, tf.tensor(values.data, [...shape], values.dtype));
      }
    }
  } catch (error) {
    tf.dispose([...tensors.values()]);
    throw error;
  }
  return {
    tensors: Object.fromEntries(tensors),
    metadata: Object.assign({}, ...shards.map((shard) => shard.metadata)),
  };
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
