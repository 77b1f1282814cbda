import { UsageError } from "../../core/mod.ts";
import { clipMetrics } from "./clip_metrics.ts";
import { fullReferenceMetrics } from "./full_reference.ts";
import { noReferenceMetrics } from "./no_reference.ts";
import type { LoadedMetric, NetworkMetric } from "./record.ts";

/** Every metric that is a trained network, in the order of the tables. */
export const networkMetrics: readonly NetworkMetric[] = [
  ...fullReferenceMetrics,
  ...noReferenceMetrics,
  ...clipMetrics,
];

/**
 * Load a metric by its name.
 *
 * @param name One of {@linkcode networkMetrics}.
 * @param folder Holds its files of weights.
 * @returns The metric; dispose it.
 * @throws {UsageError} If there is no metric of this name.
 * @throws {RefusedError} If a file is missing: "not available: needs FILE".
 * @throws {DataError} If a file does not hold what the network needs; it lists what is missing.
 */
export async function loadNetworkMetric(name: string, folder: string): Promise<LoadedMetric> {
  const metric = networkMetrics.find((metric) => metric.name === name);
  if (metric === undefined) {
    const names = networkMetrics.map(({ name }) => name).join(", ");
    throw new UsageError(`Cannot load metric as its name must be one of ${names}: current value is ${name}`);
  }
  return await metric.load(folder);
}
