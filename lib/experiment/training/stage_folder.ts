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
 * @throws {RefusedError} If settings, data or a frozen adapter are not those it began with; it lists what differs.
 */
export async function claimStage(folder: string, label: string, inputs: StageInputs): Promise<void> {
  const path = join(folder, INPUTS);
  const before = await readIfThere(path) as StageInputs | null;
  if (before === null) return await writeJson(path, inputs);
  const changed = differences(before, inputs);
  if (changed.length === 0) return;
  throw new RefusedError(
    `Cannot go on with ${label} in ${folder} as everything must be as it began (another --out begins anew): current ` +
      `value is ${changed.join("; ")}`,
  );
}

/** What to call an input whose own name says little, and what decides it. */
const NAMES: Readonly<Record<string, string>> = {
  crops: "crops (of --data, --crops, --size, --seed, --restorers, --negatives)",
  weights: "weights (--hold)",
  sftLora: "the frozen SFT adapter, by sha256,",
  adversaryLora: "the frozen adversary, by sha256,",
};

/** Lists what differs between two records, by name: `rho 0.5, not 1`. */
function differences(before: StageInputs, now: StageInputs): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const was = before[name], is = now[name];
    if (canonicalJson(was ?? null) === canonicalJson(is ?? null)) return [];
    if (isRecord(was) && isRecord(is)) return differences(was, is);
    return [`${NAMES[name] ?? name} ${shown(is)}, not ${shown(was)}`];
  });
}

function isRecord(value: unknown): value is StageInputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
  if (value === undefined) return "left out";
  const text = canonicalJson(value ?? null);
  return text.length > 200 ? `${text.slice(0, 200)} …` : text;
}
