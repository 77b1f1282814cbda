import { dirname, join } from "node:path";
import { z } from "zod";
import { DataError, readJson, RefusedError, UsageError } from "../../core/mod.ts";
import { listRuns, TRAINING } from "../run_folder.ts";
import { stageFolder } from "../stage.ts";
import { loraSchema } from "../schema/networks.ts";

/** Networks that a finished run of `deno task ablation` trained. */
export interface SmallRun {
  /** Folder of the run. */
  readonly folder: string;
  /** What is restored with: `sft`, or an arm that tuned it. */
  readonly arm: string;
  /** Which of the run's seeds. */
  readonly seed: number;
  /** Side of the crops that it was trained on, in pixels of the result. */
  readonly size: number;
  /** Stage with the weights. */
  readonly reference: string;
  /** Adapter of the arm; null for `sft`. */
  readonly adapter: { readonly path: string; readonly rank: number; readonly alpha: number } | null;
}

/** What restores by default: the paper's method. */
const DEFAULT_ARM = "sobolev-asdpo";
/** The arm without an adapter. */
const REFERENCE_ARM = "sft";

const resultsSchema = z.object({
  stages: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  seeds: z.array(z.int()).min(1),
  settings: z.object({ settings: z.object({ data: z.object({ size: z.int().min(4) }), lora: loraSchema }) }),
});

/**
 * Find the small network of a finished run.
 *
 * @param root Folder of one run, or of runs: then the newest finished one.
 * @param arm Name of an arm; by default `sobolev-asdpo`, or `sft` where the run has not trained that.
 * @throws {RefusedError} If there is no finished run, or its networks are not here; it names the command that makes one.
 * @throws {UsageError} If the run has not trained the arm.
 * @throws {DataError} If the results of the run are not results.
 */
export async function findSmallRun(root: string, arm?: string): Promise<SmallRun> {
  const folder = await isFile(join(root, "results.json")) ? root : await newestRun(root);
  const record = join(folder, "results.json");
  const { success, data, error } = resultsSchema.safeParse(await readJson(record));
  if (!success) {
    const { path: at, message } = error.issues[0];
    throw new DataError(
      `Cannot read ${record} as ${at.join(".")} must be that of a run of this version: ${message}; run it again`,
    );
  }
  const { stages, seeds: [seed], settings: { settings: { data: { size }, lora } } } = data;
  const hashOf = (name: string) => stages[`${name}, seed ${seed}`];
  const chosen = arm ?? (hashOf(DEFAULT_ARM) === undefined ? REFERENCE_ARM : DEFAULT_ARM);
  const [hash, base] = [hashOf(chosen), hashOf(REFERENCE_ARM)];
  if (hash === undefined || base === undefined) {
    const known = Object.keys(stages).filter((name) => !name.startsWith("adversary"))
      .flatMap((name) => name.endsWith(`, seed ${seed}`) ? [name.slice(0, name.lastIndexOf(","))] : []);
    throw new UsageError(
      `Cannot restore with --arm as ${folder} has trained ${known.join(", ")}: current value is ${chosen}`,
    );
  }
  const reference = await stageOf(folder, "sft", base);
  if (chosen === REFERENCE_ARM) return { folder, arm: chosen, seed, size, reference, adapter: null };
  const path = join(await stageOf(folder, "arm", hash), "params.safetensors");
  return { folder, arm: chosen, seed, size, reference, adapter: { path, ...lora } };
}

/** The folder of a stage of a run, which another machine may have computed: then its numbers alone are here. */
async function stageOf(run: string, name: string, hash: string): Promise<string> {
  const folder = join(dirname(run), "stages", stageFolder(name, hash));
  if (await isFile(join(folder, "params.safetensors"))) return folder;
  throw new RefusedError(
    `Cannot restore with ${run} as the network of ${folder} is needed: current value is none; where the run took up ` +
      "cells of another machine, `npx -y deno@2.9.6 task ablation --fresh` trains it here",
  );
}

async function newestRun(root: string): Promise<string> {
  const finished = (await listRuns(root))
    .filter(({ state, experiment }) => state === "done" && experiment !== TRAINING).map(({ folder }) => folder);
  const times = await Promise.all(
    finished.map(async (folder) => (await Deno.stat(join(folder, "results.json"))).mtime),
  );
  const newest = finished.map((folder, i) => ({ folder, at: times[i]?.getTime() ?? 0 })).sort((a, b) => b.at - a.at)[0];
  if (newest !== undefined) return newest.folder;
  throw new RefusedError(
    `Cannot restore as a finished run of the small model is needed, or --checkpoint: current value is none in ${root}; ` +
      "`npx -y deno@2.9.6 task ablation` makes one in two minutes",
  );
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((file) => file.isFile, () => false);
}
