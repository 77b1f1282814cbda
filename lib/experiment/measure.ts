import { StoppedError } from "../core/mod.ts";
import type { PairSet } from "../dataset/mod.ts";
import type { Raster } from "../image/mod.ts";
import { evaluate, type Metric, metricsFor, type PreparedImage, prepareSet, setSpectrum } from "../metrics/mod.ts";
import type { ReadyMetric } from "./evaluation/open_metrics.ts";
import type { RunContext } from "./stages/context.ts";
import { mean } from "./statistics/mod.ts";
import { setToRasters } from "./rasters.ts";
import type { MetricColumn } from "./results.ts";

/** The truth that every point is measured against. */
export interface Truth {
  readonly images: readonly PreparedImage[];
  /** Cycles per pixel of the spectra. */
  readonly frequency: readonly number[];
  readonly spectrum: readonly number[];
}

/** What is measured of one point at one seed. */
export interface Measured {
  readonly perImage: Readonly<Record<string, readonly number[]>>;
  readonly values: Readonly<Record<string, number>>;
  /** Mean radial power, on the frequencies of the truth. */
  readonly spectrum: readonly number[];
}

/** Prepares the truth of a set of crops once. */
export function truthOf(test: PairSet): Truth {
  const images = prepareSet(setToRasters(test, "hr"));
  const { frequency, power } = setSpectrum(images);
  return { images, frequency, spectrum: power };
}

/**
 * Measures restored crops with every metric that their size allows, and with the perceptual ones of the run.
 *
 * @throws {StoppedError} If the signal was raised while a network measures.
 */
export async function measure(
  restored: readonly Raster[],
  truth: Truth,
  { perceptual, signal }: Pick<RunContext, "perceptual" | "signal">,
): Promise<Measured> {
  const images = prepareSet(restored), { perImage, values } = evaluate(images, truth.images);
  const distances: Record<string, number[]> = {};
  for (const { record: { name }, open } of perceptual) {
    const network = await open(), row: number[] = distances[name] = [];
    for (const [i, image] of images.entries()) {
      if (signal.aborted) throw new StoppedError("Stopped while measuring; the same command goes on from here");
      row.push(await network.measure(image, truth.images[i]));
    }
  }
  const means = Object.entries(distances).map(([name, row]) => [name, mean(row)]);
  return {
    perImage: { ...perImage, ...distances },
    values: { ...values, ...Object.fromEntries(means) },
    spectrum: setSpectrum(images).power,
  };
}

/** The metrics that crops of this size allow, and the given perceptual ones. */
export function metricRecords(size: number, perceptual: readonly ReadyMetric[]): Metric[] {
  return [...metricsFor([{ width: size, height: size }]), ...perceptual.map(({ record }) => record)];
}

/** The same metrics as the tables print them. */
export function metricColumns(size: number, perceptual: readonly ReadyMetric[]): MetricColumn[] {
  return metricRecords(size, perceptual).map(({ name, label, unit, better, digits, level, source }) => ({
    name,
    label,
    unit,
    better,
    digits,
    level,
    source,
  }));
}
