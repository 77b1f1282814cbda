import type { ImageMetric } from "../record.ts";
import { clipMetrics } from "./clip_metrics.ts";
import { fullReferenceMetrics } from "./full_reference.ts";
import { noReferenceMetrics } from "./no_reference.ts";

/** Every metric that is a trained network, in the order of the tables. */
export const networkMetrics: readonly ImageMetric[] = [...fullReferenceMetrics, ...noReferenceMetrics, ...clipMetrics];
