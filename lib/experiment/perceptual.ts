import { RefusedError } from "../core/mod.ts";
import { chooseMetrics, type ImageMetric, missingWeights, needs, protocols } from "../metrics/mod.ts";
import { type ReadyMetric, readyMetric } from "./evaluation/open_metrics.ts";
import type { Settings } from "./schema/mod.ts";

/** The perceptual distances of a run. */
export interface PerceptualMetrics {
  /** Those that are measured. */
  readonly metrics: readonly ReadyMetric[];
  /** What the others need, one line each. */
  readonly lacking: readonly string[];
}

/** Distances by features of networks, as the paper's tables name them. */
const names = ["lpips", "dists"];

/**
 * Prepares the perceptual distances whose weights are given; without a folder of weights, none.
 *
 * Networks are loaded when the first crop is measured. Dispose every one.
 *
 * @throws {RefusedError} If the folder holds the weights of none that fits the crops; it lists what each needs.
 * @throws {DataError} If the folder holds a file several times.
 */
export async function perceptualMetrics(
  { data: { size }, evaluation: { weights } }: Pick<Settings, "data" | "evaluation">,
): Promise<PerceptualMetrics> {
  if (weights === undefined) return { metrics: [], lacking: [] };
  const wanted = chooseMetrics(names, protocols.paper)
    .filter((metric): metric is ImageMetric => metric.level === "image" && metric.leastSide <= size);
  const given = wanted.filter((metric) => missingWeights(metric, weights).length === 0);
  const lacking = wanted.filter((metric) => !given.includes(metric))
    .map((metric) => `${metric.label} ${needs(missingWeights(metric, weights))}`);
  if (given.length === 0) {
    throw new RefusedError(
      `Cannot measure perceptual distances as their weights must be in ${weights}: ${lacking.join("; ")}`,
    );
  }
  return { metrics: await Promise.all(given.map((metric) => readyMetric(metric, protocols.paper, weights))), lacking };
}

/** What numbers depend on where networks measure: names and hashes of their weights; nothing where none does. */
export function perceptualInputs(metrics: readonly ReadyMetric[]): Record<string, unknown> {
  if (metrics.length === 0) return {};
  return { perceptual: Object.fromEntries(metrics.map(({ record, hashes }) => [record.name, hashes])) };
}
