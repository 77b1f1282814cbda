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

/** A pair as a protocol sees it. */
export type PreparedPair = readonly [sr: PreparedImage, hr: PreparedImage | null];

/** Prepares a pair when it is first needed. */
export function lazyPair({ sr, hr }: MeasuredPair, protocol: Protocol): () => PreparedPair {
  let prepared: PreparedPair | undefined;
  return () => prepared ??= [prepareImage(sr.raster, protocol), hr && prepareImage(hr.raster, protocol)];
}

/**
 * Measures one image in some metrics; what is known from an earlier run is not measured again.
 *
 * @param prepare Of {@linkcode lazyPair}.
 * @returns A number by metric, which may be infinite, or the reason why there is none; nothing where a truth is needed and
 * missing.
 */
export async function measureImage(
  pair: MeasuredPair,
  prepare: () => PreparedPair,
  metrics: readonly ReadyMetric[],
  protocol: Protocol,
  cache: MeasurementCache | null,
): Promise<Record<string, number | string>> {
  const values: Record<string, number | string> = {};
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
      const value = await metric.measure(...prepare());
      values[name] = Number.isNaN(value) ? `the score is ${value}` : value;
      if (Number.isFinite(value)) await cache?.put(key, value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // an image that the metric cannot take
      values[name] = error.message;
    }
  }
  return values;
}
