import { experimentMetrics } from "./experiment_metrics.ts";
import { fsimMetrics } from "./fsim/metrics.ts";
import { networkMetrics } from "./networks/catalogue.ts";
import { niqeMetric } from "./niqe/metric.ts";
import type { Metric } from "./record.ts";

/** Every metric, in the order of the tables. What experiments do not measure joins after `experimentMetrics`. */
export const metrics: readonly Metric[] = [
  ...experimentMetrics,
  ...fsimMetrics,
  niqeMetric,
  ...networkMetrics,
];
