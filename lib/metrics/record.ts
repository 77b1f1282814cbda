import type { MetricImage, PreparedImage } from "./prepared.ts";
import type { Protocol } from "./protocol.ts";
import type { SetSpectrum } from "./spectrum.ts";

/** What tables need to know of a metric. */
export interface MetricRecord {
  /** Key in records of values. */
  readonly name: string;
  /** Name for people. */
  readonly label: string;
  /** Empty for a pure number. */
  readonly unit: string;
  /** Smallest and largest value that can occur, or that a network was trained on where its output is not bounded. */
  readonly range: readonly [number, number];
  /** `one`: best at 1. */
  readonly better: "higher" | "lower" | "one";
  /** Decimals to print. */
  readonly digits: number;
  /** Shortest side, after cropping, that can be measured. */
  readonly leastSide: number;
  /** Where it is defined. */
  readonly source: string;
  /** Name of a metric that this one is a fixed multiple of: both say the same of images, so tests count one of them. */
  readonly multipleOf?: string;
  /** Say what the protocol decides for this metric alone; printed with every table that has it. */
  readonly choices?: (protocol: Protocol) => string;
}

/** A file of parameters that a metric needs and that does not come with this project. */
export interface WeightsFile {
  /** Its name in the folder of weights. */
  readonly file: string;
  /** One line: where it comes from, and how it is made. */
  readonly origin: string;
}

/** A metric that is ready to measure: its parameters are loaded. Disposing it frees them. */
export interface OpenMetric extends Disposable {
  /**
   * Measure one image.
   *
   * @param sr The result, as the protocol sees it; `sr.image` is the whole image in 8 bits.
   * @param hr The truth, of the same size; null where there is none and the metric needs none.
   * @throws {RangeError} If the truth is missing or of another size, or the image is too small.
   */
  readonly measure: (sr: PreparedImage, hr: PreparedImage | null) => Promise<number>;
  /** What the file of parameters says of itself, where it does. */
  readonly parameters?: string;
}

/** A metric of one image: with a truth or without, from pixels alone or by parameters that the user brings. */
export interface ImageMetric extends MetricRecord {
  /** One value an image. */
  readonly level: "image";
  /** Whether it compares with a truth. */
  readonly reference: "full" | "none";
  /** Files it needs; without them it is reported as not available, never replaced by something else. */
  readonly weights: readonly WeightsFile[];
  /** Of metrics with several published networks: `family` alone stands for the one that the protocol names. */
  readonly checkpoint?: { readonly family: string; readonly name: string };
  /** Of networks: about how many bytes it needs at its peak, its weights included, for an image of this size. */
  readonly memory?: (width: number, height: number) => number;
  /**
   * Load what it needs.
   *
   * @param protocol Choices that it keeps to.
   * @param files Path of every file of `weights`, by its name.
   * @throws {DataError} If a file does not hold what the metric needs; it lists what is missing.
   */
  readonly open: (protocol: Protocol, files: Readonly<Record<string, string>>) => Promise<OpenMetric>;
}

/** A metric of one result and its truth that needs nothing but pixels. */
export interface PixelMetric extends ImageMetric {
  /** The function itself. */
  readonly measure: (sr: MetricImage, hr: MetricImage, protocol: Protocol) => number;
}

/** A metric of a set of results and a set of truths. */
export interface SetMetric extends MetricRecord {
  /** One value a set. */
  readonly level: "set";
  /** The function itself. */
  readonly measure: (results: readonly MetricImage[], truths: readonly MetricImage[], protocol: Protocol) => number;
}

/** A metric of two sets that needs nothing of them but their mean power spectra. */
export interface SpectralMetric extends SetMetric {
  /** The function itself, of spectra that are known already. */
  readonly ofSpectra: (results: SetSpectrum, truths: SetSpectrum) => number;
}

/** A metric of either kind. */
export type Metric = ImageMetric | SetMetric;
