import { join } from "node:path";
import { canonicalJson, DataError, readBytes, readJson, RefusedError, sha256Hex, writeJson } from "../../core/mod.ts";

/** Name under which diffusers looks for an adapter. */
export const LORA_FILE = "pytorch_lora_weights.safetensors";
/** What a stage depends on, written when it begins; and what came out, written when it is finished. */
const INPUTS = "inputs.json", DONE = "stage.json";

/** Everything that decides what a stage gives, by name. */
export type StageInputs = Readonly<Record<string, unknown>>;

/** An adapter's file and the hash that later stages name it by. */
export interface LoraRecord {
  /** Where it lies. */
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
}

/**
 * Begin a stage in its folder, or go on with it: its inputs must be those it began with.
 *
 * @throws {DataError} If an adapter that it builds on is not the one it began with: the frozen reference must not move.
 * @throws {RefusedError} If settings or data are not those it began with.
 */
export async function claimStage(folder: string, label: string, inputs: StageInputs): Promise<void> {
  const path = join(folder, INPUTS);
  const before = await readIfThere(path) as StageInputs | null;
  if (before === null) return await writeJson(path, inputs);
  const changed = [...new Set([...Object.keys(before), ...Object.keys(inputs)])]
    .filter((name) => canonicalJson(before[name] ?? null) !== canonicalJson(inputs[name] ?? null));
  if (changed.length === 0) return;
  const [frozen] = changed.filter((name) => name.endsWith("Lora"));
  if (frozen !== undefined) {
    throw new DataError(
      `Cannot go on with ${label} as its frozen ${frozen} must be the one that it began with, ${before[frozen]}: ` +
        `current value is ${inputs[frozen]}`,
    );
  }
  const [name] = changed;
  throw new RefusedError(
    `Cannot go on with ${label} in ${folder} as ${name} must be what it began with (another --out begins anew): ` +
      `current value is ${shown(inputs[name])}, not ${shown(before[name])}`,
  );
}

/** Tells where the weights were when the first of some stages began; undefined if none did. */
export async function begunWeights(folders: readonly string[]): Promise<"resident" | "streamed" | undefined> {
  for (const folder of folders) {
    const inputs = await readIfThere(join(folder, INPUTS)) as StageInputs | null;
    if (inputs !== null) return inputs.weights === "streamed" ? "streamed" : "resident";
  }
}

/** Finds the adapter of a finished stage; null where the stage is not finished. */
export async function finishedStage(folder: string): Promise<LoraRecord | null> {
  const done = await readIfThere(join(folder, DONE)) as { sha256?: string } | null;
  if (done === null) return null;
  const path = join(folder, LORA_FILE), hash = sha256Hex(await readBytes(path));
  if (hash !== done.sha256) {
    throw new DataError(`Cannot use ${path} as it must be the file that its training wrote: current value is ${hash}`);
  }
  return { path, hash };
}

/** Marks a stage as finished with the adapter that lies in its folder. */
export async function finishStage(folder: string, summary: StageInputs): Promise<LoraRecord> {
  const path = join(folder, LORA_FILE), hash = sha256Hex(await readBytes(path));
  await writeJson(join(folder, DONE), { ...summary, sha256: hash });
  return { path, hash };
}

async function readIfThere(path: string): Promise<unknown> {
  try {
    await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  return await readJson(path);
}

function shown(value: unknown): string {
  const text = canonicalJson(value ?? null);
  return text.length > 200 ? `${text.slice(0, 200)} …` : text;
}
