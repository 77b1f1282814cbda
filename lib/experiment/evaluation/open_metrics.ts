import { join } from "node:path";
import { readBytes, sha256Hex } from "../../core/mod.ts";
import type { OpenMetric, Protocol, RatedMetric, WeightsFile } from "../../metrics/mod.ts";

/** Metrics that can measure, and why the others cannot. */
export interface OpenedMetrics extends Disposable {
  readonly metrics: readonly { readonly record: RatedMetric; readonly open: OpenMetric; readonly weights: string }[];
  readonly unavailable: readonly { readonly metric: string; readonly reason: string }[];
  /** SHA-256 by file name. */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * Loads what metrics need; one whose files are not there is left out and said to be.
 *
 * @param folder Folder of weights; an environment variable may name a single file instead.
 */
export async function openMetrics(
  records: readonly RatedMetric[],
  protocol: Protocol,
  folder: string | undefined,
): Promise<OpenedMetrics> {
  const metrics: OpenedMetrics["metrics"][number][] = [], unavailable: OpenedMetrics["unavailable"][number][] = [];
  const hashes: Record<string, string> = {};
  for (const record of records) {
    const files: Record<string, string> = {}, missing: WeightsFile[] = [];
    for (const need of record.weights ?? []) {
      const path = await findFile(need, folder);
      if (path === undefined) missing.push(need);
      else {
        files[need.file] = path;
        hashes[need.file] ??= sha256Hex(await readBytes(path));
      }
    }
    if (missing.length > 0) {
      const needs = missing.map(({ file, variable, origin }) =>
        `${file} (in --weights DIR, or ${variable}): ${origin}`
      );
      unavailable.push({ metric: record.name, reason: `not available: needs ${needs.join("; ")}` });
      continue;
    }
    const weights = Object.keys(files).map((file) => hashes[file]).join(" ");
    metrics.push({ record, open: await record.open(protocol, files), weights });
  }
  return {
    metrics,
    unavailable,
    hashes,
    [Symbol.dispose]: () => metrics.forEach(({ open }) => open[Symbol.dispose]()),
  };
}

async function findFile({ file, variable }: WeightsFile, folder: string | undefined): Promise<string | undefined> {
  const named = Deno.env.get(variable);
  for (const path of [named, folder && join(folder, file)]) {
    if (path && (await Deno.stat(path).catch(() => null))?.isFile) return path;
  }
  return undefined;
}
