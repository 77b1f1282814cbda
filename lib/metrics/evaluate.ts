import { experimentMetrics } from "./experiment_metrics.ts";
import { type MetricImage, type PreparedImage, prepareImage } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";
import type { PixelMetric, SetMetric } from "./record.ts";

/** Values of a set of results. */
export interface Evaluation {
  /** Metric name to one value per image, in order. */
  readonly perImage: Readonly<Record<string, readonly number[]>>;
  /** Every metric over the whole set; means of those that are per image. */
  readonly values: Readonly<Record<string, number>>;
}

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** How images become numbers; the paper's by default. */
  readonly protocol?: Protocol;
  /** By default all that fit the images. */
  readonly metrics?: readonly (PixelMetric | SetMetric)[];
}

/**
 * Measure results against their truths.
 *
 * Prepare the truths once ({@link prepareSet}) where several sets of results are measured against them.
 *
 * @param results In the order of the truths and of their sizes.
 * @throws {RangeError} If the counts or a pair of sizes differ, or a metric asked for does not fit.
 */
export function evaluate(
  results: readonly MetricImage[],
  truths: readonly MetricImage[],
  options: EvaluateOptions = {},
): Evaluation {
  const { protocol = protocols.paper } = options;
  if (results.length !== truths.length || results.length === 0) {
    throw new RangeError(
      `Cannot evaluate as every result needs a truth: current values are ${results.length} and ${truths.length}`,
    );
  }
  const ours = prepareSet(results, protocol), theirs = prepareSet(truths, protocol);
  const perImage: Record<string, number[]> = {}, values: Record<string, number> = {};
  for (const metric of options.metrics ?? metricsFor(theirs)) {
    if (metric.level === "set") {
      values[metric.name] = metric.measure(ours, theirs, protocol);
      continue;
    }
    const measured = ours.map((image, i) => metric.measure(image, theirs[i], protocol));
    perImage[metric.name] = measured;
    values[metric.name] = measured.reduce((sum, value) => sum + value, 0) / measured.length;
  }
  return { perImage, values };
}

/**
 * Prepare every image of a set.
 *
 * @throws {RangeError} As {@link prepareImage} does.
 */
export function prepareSet(images: readonly MetricImage[], protocol: Protocol = protocols.paper): PreparedImage[] {
  return images.map((image) => prepareImage(image, protocol));
}

/** Choose the metrics of experiments that the smallest of some images is large enough for. */
export function metricsFor(
  images: readonly { readonly width: number; readonly height: number }[],
): readonly (PixelMetric | SetMetric)[] {
  const side = Math.min(...images.flatMap(({ width, height }) => [width, height]));
  return experimentMetrics.filter((metric) => metric.leastSide <= side);
}
