import { contentHash } from "../../core/mod.ts";
import type { Raster } from "../../image/mod.ts";
import { type PreparedImage, prepareImage, type Protocol } from "../../metrics/mod.ts";
import type { MeasurementCache } from "./cache.ts";
import type { OpenedMetrics } from "./open_metrics.ts";

/** An image to measure. */
export interface MeasuredPair {
  readonly sr: { readonly raster: Raster; readonly hash: string };
  readonly hr: { readonly raster: Raster; readonly hash: string } | null;
}

/**
 * Measures one image in every metric; what is known from an earlier run is not measured again.
 *
 * @returns A number by metric, or the reason why there is none; nothing where a truth is needed and missing.
 */
export async function measureImage(
  pair: MeasuredPair,
  { metrics }: OpenedMetrics,
  protocol: Protocol,
  cache: MeasurementCache | null,
): Promise<Record<string, number | string>> {
  const values: Record<string, number | string> = {};
  let prepared: [PreparedImage, PreparedImage | null] | undefined;
  for (const { record, open, weights } of metrics) {
    const { name, reference } = record, hr = reference === "full" ? pair.hr : null;
    if (reference === "full" && hr === null) continue; // its truth is among the faults
    const key = contentHash({ name, protocol, weights, sr: pair.sr.hash, hr: hr?.hash ?? null });
    const before = cache?.get(key);
    if (before !== undefined) {
      values[name] = before;
      continue;
    }
    const measureOne = async (): Promise<number | string> => {
      try {
        prepared ??= [prepareImage(pair.sr.raster, protocol), pair.hr && prepareImage(pair.hr.raster, protocol)];
        const value = await open.measure(...prepared);
        return Number.isFinite(value) ? value : `the score is ${value}`;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error; // an image that the metric cannot take
        return error.message;
      }
    };
    values[name] = await measureOne();
    await cache?.put(key, values[name]);
  }
  return values;
}
