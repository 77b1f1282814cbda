import type { PairSet } from "../dataset/mod.ts";
import type { Raster } from "../image/mod.ts";
import { evaluate, metricsFor, type PreparedImage, prepareSet, setSpectrum } from "../metrics/mod.ts";
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

/** Measures restored crops with every metric that their size allows. */
export function measure(restored: readonly Raster[], truth: Truth): Measured {
  const images = prepareSet(restored);
  return { ...evaluate(images, truth.images), spectrum: setSpectrum(images).power };
}

/** The metrics that crops of this size allow, as the tables print them. */
export function metricColumns(size: number): MetricColumn[] {
  return metricsFor([{ width: size, height: size }]).map(({ name, label, unit, better, digits, level }) => ({
    name,
    label,
    unit,
    better,
    digits,
    level,
  }));
}
