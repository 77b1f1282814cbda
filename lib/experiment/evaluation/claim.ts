import { join, resolve } from "node:path";
import { canonicalJson, readJson, UsageError } from "../../core/mod.ts";
import type { Protocol } from "../../metrics/mod.ts";
import type { FolderEvaluation } from "./evaluation.ts";

/** What an evaluation is of. */
export interface EvaluationClaim {
  /** By which everything is measured. */
  readonly protocol: Protocol;
  /** Folders as given. */
  readonly sr: readonly string[];
  /** Of truths. */
  readonly hr?: string;
  /** Of low-resolution images. */
  readonly lr?: string;
}

/**
 * Keep results from being written over by others: a folder that holds an evaluation takes more results and other metrics of
 * the same truths and protocol, nothing else.
 *
 * @throws {UsageError} If it holds an evaluation of another protocol, of other truths, or of results that are not asked for.
 */
export async function requireSameEvaluation(out: string, { protocol, sr, hr, lr }: EvaluationClaim): Promise<void> {
  const path = join(out, "evaluation.json");
  if (await Deno.stat(path).catch(() => null) === null) return;
  const known = await readJson(path) as Partial<FolderEvaluation> | null;
  const asked = new Set([...sr, ...lr === undefined ? [] : [lr]].map((folder) => resolve(folder)));
  const left = known?.folders?.find(({ path }) => !asked.has(resolve(path ?? "")));
  const told = (found?: Protocol) => found && `${found.name} v${found.version}`;
  const truths = known?.truths?.path;
  const other = canonicalJson(known?.protocol ?? null) !== canonicalJson(protocol)
    ? ["protocol", told(known?.protocol), told(protocol)]
    : (truths && resolve(truths)) !== (hr && resolve(hr))
    ? ["truths", truths, hr]
    : left && ["results of", left.path ?? left.name, [...sr].join(", ")];
  if (!other) return;
  const [what, before, now] = other;
  throw new UsageError(
    `Cannot write to ${out} as it holds ${what} ${before ?? "none"}: current value is ${
      now ?? "none"
    }; name another --out`,
  );
}
