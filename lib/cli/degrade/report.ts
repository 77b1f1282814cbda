import { join } from "node:path";
import { DataError, writeJson } from "../../core/mod.ts";
import { leftovers } from "./leftovers.ts";
import type { Outcome } from "./pool.ts";

/** What a run was asked for, as far as its report says it. */
export interface ReportOptions {
  /** Kept in the manifest. */
  readonly settings: unknown;
  /** Side that patches should have; null for whole images. */
  readonly size: number | null;
  /** Images that annotations do not fit: their results are taken away again. */
  readonly unfit: readonly Outcome[];
  /** To be printed. */
  readonly notes: readonly string[];
}

/**
 * Writes `manifest.json` and `quarantine.json`, and says what was made.
 *
 * @throws {DataError} If files were left out.
 */
export async function report(
  out: string,
  outcomes: readonly Outcome[],
  { settings, size, unfit, notes }: ReportOptions,
): Promise<void> {
  const faults = [...outcomes, ...unfit].filter((outcome) => "fault" in outcome);
  const bad = new Set(faults.map(({ job }) => job.path));
  const sound = outcomes.filter((outcome) => "results" in outcome).filter(({ job }) => !bad.has(job.path));
  for (const outcome of outcomes) if ("results" in outcome && bad.has(outcome.job.path)) await takeAway(out, outcome);
  const results = sound.flatMap((outcome) => outcome.results);
  const patches = results.flatMap(({ record }) => record === null ? [] : [record]);
  await writeJson(join(out, "manifest.json"), { version: 1, settings, patches });
  await writeJson(join(out, "quarantine.json"), faults.map(({ job, fault }) => ({ file: job.path, reason: fault })));
  const count = (state: string) => results.filter((result) => result.state === state).length;
  const skipped = count("skipped");
  console.log(`${out}: ${count("made")} made, ${count("kept")} kept${skipped ? `, ${skipped} too small` : ""}`);
  const smaller =
    patches.filter(({ pair: { crop } }) => size !== null && Math.min(crop.width, crop.height) < size).length;
  if (smaller > 0) {
    const who = smaller === patches.length
      ? `none of the ${smaller} results has`
      : `${smaller} of ${patches.length} have not`;
    console.log(`note: ${who} ${size} x ${size}: the largest part of a smaller image is taken (--small)`);
  }
  const old = await leftovers(out, new Set(patches.map(({ name }) => name)));
  if (old.length > 0) {
    console.error(`${out} also holds ${old.length} results that are not of this run, such as ${old[0]}: remove them`);
  }
  for (const note of notes) console.log(`note: ${note}`);
  for (const { fault } of faults) console.error(`left out: ${fault}`);
  if (bad.size > 0) {
    throw new DataError(`Cannot use ${bad.size} of ${outcomes.length} files: ${join(out, "quarantine.json")}`);
  }
}

/** Removes the results of an image, so that folders hold what the manifest lists. */
async function takeAway(out: string, outcome: Outcome & { readonly results: unknown }): Promise<void> {
  for (const name of outcome.job.names) {
    const files = [...["lr", "hr", "labels", "strips"].map((kind) => `${kind}/${name}.png`), `recipes/${name}.json`];
    for (const file of files) {
      await Deno.remove(join(out, file)).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  }
}
