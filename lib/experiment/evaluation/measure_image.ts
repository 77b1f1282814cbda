import { contentHash } from "../../core/mod.ts";
import { type PreparedImage, prepareImage, type Protocol } from "../../metrics/mod.ts";
import type { MeasurementCache } from "./cache.ts";
import type { ReadyMetric } from "./open_metrics.ts";
import type { OpenedImage } from "./sources.ts";

/** Raised when a metric gives other numbers of the same image: what older code measured is measured again. */
export const MEASURING_CODE = 2;

/** An image to measure. */
export interface MeasuredPair {
  readonly sr: OpenedImage;
  readonly hr: OpenedImage | null;
}

/**
 * Measures one image in some metrics; what is known from an earlier run is not measured again.
 *
 * @returns A number by metric, or the reason why there is none; nothing where a truth is needed and missing.
 */
export async function measureImage(
  pair: MeasuredPair,
  metrics: readonly ReadyMetric[],
  protocol: Protocol,
  cache: MeasurementCache | null,
): Promise<Record<string, number | string>> {
  const values: Record<string, number | string> = {};
  let prepared: [PreparedImage, PreparedImage | null] | undefined;
  for (const { record: { name, reference }, depends, open } of metrics) {
    const hr = reference === "full" ? pair.hr : null;
    if (reference === "full" && hr === null) continue; // its truth is among the faults
    const key = contentHash({ name, protocol, depends, code: MEASURING_CODE, sr: pair.sr.hash, hr: hr?.hash ?? null });
    const before = cache?.get(key);
    if (before !== undefined) {
      values[name] = before;
      continue;
    }
    const metric = await open();
    try {
      prepared ??= [prepareImage(pair.sr.raster, protocol), pair.hr && prepareImage(pair.hr.raster, protocol)];
      const value = await metric.measure(...prepared);
      values[name] = Number.isFinite(value) ? value : `the score is ${value}`;
      if (Number.isFinite(value)) await cache?.put(key, value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // an image that the metric cannot take
      values[name] = error.message;
    }
  }
  return values;
}
