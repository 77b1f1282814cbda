import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { DataError, inputOutputError, UsageError } from "../../core/mod.ts";
import type { Adapter } from "../../nn/mod.ts";
import { type LoraPrefix, mergeCheckpoint, type MergedCheckpoint, type MergeOptions } from "../../weights/mod.ts";

/** Of a checkpoint's own folder, what `openModel` reads beside those of the parts. */
const FILES = ["model_index.json", "empty_prompt.safetensors"];

/**
 * Writes a checkpoint in diffusers' layout anew, with an adapter in the weights of its network and all other parts copied.
 *
 * @param checkpoint Holds `transformer` or `unet`.
 * @param out A new folder.
 * @throws {UsageError} If the new folder is not empty.
 * @throws {DataError} If the checkpoint has another network, or not this layout.
 * @throws {StoppedError} If the signal was raised; the new folder is not whole then.
 */
export async function mergeInto(
  checkpoint: string,
  adapter: Adapter,
  prefix: LoraPrefix,
  out: string,
  options: MergeOptions,
): Promise<MergedCheckpoint> {
  if (await holdsFiles(out) || resolve(out) === resolve(checkpoint)) {
    throw new UsageError(`Cannot write a checkpoint as its folder must be new or empty: current value is ${out}`);
  }
  if (!existsSync(join(checkpoint, prefix, "config.json"))) {
    throw new DataError(
      `Cannot merge into ${checkpoint} as it must be a folder in diffusers' layout with the network of the adapter, ` +
        `${prefix}/config.json, no single file: current value is one without`,
    );
  }
  const merged = await mergeCheckpoint(join(checkpoint, prefix), adapter, prefix, join(out, prefix), options);
  for (const { name, isFile } of await entriesOf(checkpoint)) {
    if (name === prefix || name.startsWith(".") || (isFile && !FILES.includes(name))) continue;
    await copy(join(checkpoint, name), join(out, name));
  }
  return merged;
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) {
    return await Deno.copyFile(from, to).catch((error) => Promise.reject(inputOutputError("write", to, error)));
  }
  await Deno.mkdir(to, { recursive: true });
  for (const { name } of await entriesOf(from)) await copy(join(from, name), join(to, name));
}

/** Whether a folder, or one inside it, holds a file: folders alone are left where a disk was full. */
async function holdsFiles(folder: string): Promise<boolean> {
  for (const { name } of await entriesOf(folder)) {
    const path = join(folder, name), { isDirectory } = await Deno.lstat(path); // a link counts as a file
    if (!isDirectory || await holdsFiles(path)) return true;
  }
  return false;
}

/** What a folder holds; nothing where there is none. A link counts as what it leads to. */
async function entriesOf(folder: string): Promise<{ name: string; isFile: boolean }[]> {
  try {
    const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
    return await Promise.all(
      names.map(async (name) => ({ name, isFile: (await Deno.stat(join(folder, name))).isFile })),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw inputOutputError("read", folder, error);
  }
}
