import { dirname, join } from "node:path";
import { z } from "zod";
import { DataError, readJson, RefusedError, UsageError } from "../../core/mod.ts";
import { listRuns, TRAINING } from "../run_folder.ts";
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
/** Digits of a stage's hash in the name of its folder. */
const SHORT_HASH = 16;

const resultsSchema = z.object({
  checkpoints: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  seeds: z.array(z.int()).min(1),
  settings: z.object({ settings: z.object({ data: z.object({ size: z.int().min(4) }), lora: loraSchema }) }),
});

/**
 * Find the small network of a finished run.
 *
 * @param root Folder of one run, or of runs: then the newest finished one.
 * @param arm Name of an arm; by default `sobolev-asdpo`, or `sft` where the run has not trained that.
 * @throws {RefusedError} If there is no finished run; it names the command that makes one.
 * @throws {UsageError} If the run has not trained the arm.
 * @throws {DataError} If the results of the run are not results.
 */
export async function findSmallRun(root: string, arm?: string): Promise<SmallRun> {
  const folder = await isFinished(root) ? root : await newestRun(root);
  const path = join(folder, "results.json");
  const { success, data, error } = resultsSchema.safeParse(await readJson(path));
  if (!success) {
    const { path: at, message } = error.issues[0];
    throw new DataError(`Cannot read ${path} as ${at.join(".")} must be that of a run: ${message}`);
  }
  const { checkpoints, seeds: [seed], settings: { settings: { data: { size }, lora } } } = data;
  const hashOf = (name: string) => checkpoints[`${name}, seed ${seed}`];
  const chosen = arm ?? (hashOf(DEFAULT_ARM) === undefined ? REFERENCE_ARM : DEFAULT_ARM);
  const [hash, base] = [hashOf(chosen), hashOf(REFERENCE_ARM)];
  if (hash === undefined || base === undefined) {
    const known = Object.keys(checkpoints).filter((name) => !name.startsWith("adversary"))
      .flatMap((name) => name.endsWith(`, seed ${seed}`) ? [name.slice(0, name.lastIndexOf(","))] : []);
    throw new UsageError(
      `Cannot restore with --arm as ${folder} has trained ${known.join(", ")}: current value is ${chosen}`,
    );
  }
  const stage = (name: string, of: string) => join(dirname(folder), "stages", `${name}-${of.slice(0, SHORT_HASH)}`);
  const adapter = chosen === REFERENCE_ARM ? null : { path: join(stage("arm", hash), "params.safetensors"), ...lora };
  return { folder, arm: chosen, seed, size, reference: stage("sft", base), adapter };
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

async function isFinished(folder: string): Promise<boolean> {
  return await Deno.stat(join(folder, "results.json")).then(({ isFile }) => isFile, () => false);
}
