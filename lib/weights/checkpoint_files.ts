import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DataError, inputOutputError, readJson } from "../core/mod.ts";
import { listed } from "./match.ts";

const INDEX_SUFFIX = ".safetensors.index.json";

/**
 * Find the files of a checkpoint.
 *
 * @param path A `.safetensors` file, the `.safetensors.index.json` of a sharded checkpoint, or a folder that holds one of
 * them, as diffusers lays it out; variants beside it, such as `model.fp16.safetensors`, are left.
 * @returns Its files, and for a sharded checkpoint which file holds which tensor.
 * @throws {InputOutputError} If something cannot be read.
 * @throws {DataError} If a folder holds no checkpoint or several, or an index breaks a rule.
 */
export async function checkpointFiles(
  path: string,
): Promise<{ files: string[]; weightMap?: ReadonlyMap<string, string> }> {
  const file = await isFolder(path) ? await checkpointIn(path) : path;
  if (!file.endsWith(INDEX_SUFFIX)) return { files: [file] };
  const weightMap = parseIndex(await readJson(file), file), files = [...new Set(weightMap.values())].sort();
  const missing = files.filter((shard) => !existsSync(shard)).map((shard) => basename(shard));
  if (missing.length === 0) return { files, weightMap };
  throw new DataError(
    `Cannot read ${file} as every shard that it names must lie beside it: current value is ${missing.length} missing: ` +
      listed(missing),
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    throw inputOutputError("read", path, error);
  }
}

async function checkpointIn(folder: string): Promise<string> {
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  const indices = names.filter((name) => name.endsWith(INDEX_SUFFIX));
  const kind = indices.length > 0 ? INDEX_SUFFIX : ".safetensors";
  // A variant such as model.fp16.safetensors lies beside the weights that it was rounded from.
  const found = names.filter((name) => name.endsWith(kind) && !names.includes(plainName(name, kind)));
  if (found.length === 1) return join(folder, found[0]);
  throw new DataError(
    `Cannot read checkpoint as folder ${folder} must hold one index or one safetensors file: ` +
      `current value is ${found.join(", ") || "none"}`,
  );
}

/** `model.fp16.safetensors` becomes `model.safetensors`; a name without a variant becomes one that no file has. */
function plainName(name: string, kind: string): string {
  const parts = name.slice(0, -kind.length).split(".");
  return parts.length > 1 ? `${parts.slice(0, -1).join(".")}${kind}` : "";
}

/** Shards are plain names of files beside the index, so that an index cannot point elsewhere. */
function parseIndex(index: unknown, file: string): ReadonlyMap<string, string> {
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map) || Object.keys(map).length === 0) {
    throw new DataError(
      `Cannot read ${file} as its weight_map must map tensors to files: current value is ${JSON.stringify(map)}`,
    );
  }
  return new Map(
    Object.entries(map).map(([name, shard]) => {
      if (typeof shard !== "string" || !/^[^/\\]+\.safetensors$/.test(shard)) {
        throw new DataError(
          `Cannot read ${file} as a shard must be the name of a safetensors file beside it: ` +
            `current value is ${JSON.stringify(shard)}`,
        );
      }
      return [name, join(dirname(file), shard)];
    }),
  );
}
