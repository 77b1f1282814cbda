import { join } from "node:path";
import { findFile, RefusedError } from "../core/mod.ts";
import type { Protocol } from "./protocol.ts";
import type { ImageMetric, OpenMetric, WeightsFile } from "./record.ts";

/**
 * List the files of a metric that a folder does not hold.
 *
 * @param folder Folder of weights, searched with those inside; none holds nothing.
 * @returns None if the metric can be opened.
 * @throws {DataError} If a file is there several times.
 */
export function missingWeights({ weights }: Pick<ImageMetric, "weights">, folder: string | undefined): WeightsFile[] {
  return weights.filter(({ file }) => folder === undefined || findFile(folder, file) === undefined);
}

/** Say why a metric cannot be measured: `not available: needs FILE`. It is never replaced by another one. */
export function needs(missing: readonly WeightsFile[]): string {
  return `not available: needs ${missing.map(({ file }) => file).join(", ")}`;
}

/** Paths of the files of a metric, by name, in a folder or in those inside. */
export function weightsPaths({ weights }: Pick<ImageMetric, "weights">, folder: string): Record<string, string> {
  return Object.fromEntries(weights.map(({ file }) => [file, findFile(folder, file) ?? join(folder, file)]));
}

/**
 * Open a metric: load what it needs from a folder.
 *
 * @param folder Folder of weights; a metric of pixels alone needs none.
 * @returns The metric; dispose it (`using`).
 * @throws {RefusedError} If a file is missing: "not available: needs FILE".
 * @throws {DataError} If a file does not hold what the metric needs; it lists what is missing.
 */
export async function openMetric(metric: ImageMetric, protocol: Protocol, folder?: string): Promise<OpenMetric> {
  const missing = missingWeights(metric, folder);
  if (missing.length > 0) {
    throw new RefusedError(
      `Cannot open ${metric.label} as its weights must be in ${folder ?? "a folder"}: ${needs(missing)}`,
    );
  }
  return await metric.open(protocol, weightsPaths(metric, folder ?? ""));
}
