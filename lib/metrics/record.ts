import type { PreparedImage } from "./prepared.ts";
import type { Protocol } from "./protocol.ts";

/** What tables need to know of a metric. */
export interface MetricRecord {
  /** Key in records of values. */
  readonly name: string;
  /** Name for people. */
  readonly label: string;
  /** Empty for a pure number. */
  readonly unit: string;
  /** Smallest and largest value that can occur. */
  readonly range: readonly [number, number];
  /** `one`: best at 1. */
  readonly better: "higher" | "lower" | "one";
  /** Decimals to print. */
  readonly digits: number;
  /** Shortest side, after cropping, that can be measured. */
  readonly leastSide: number;
  /** Where it is defined. */
  readonly source: string;
}

/** A file of parameters that a metric needs and that does not come with this project. */
export interface WeightsFile {
  /** Its name in the folder of weights. */
  readonly file: string;
  /** Environment variable that names the file where it lies elsewhere, such as `ASASR_NIQE`. */
  readonly variable: string;
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
   */
  readonly measure: (sr: PreparedImage, hr: PreparedImage | null) => Promise<number>;
}

/**
 * A metric of one image file, measured by `deno task evaluate`: with a truth or without, from pixels alone or by a
 * network whose weights the user brings.
 */
export interface RatedMetric extends MetricRecord {
  /** One value an image. */
  readonly level: "image";
  /** Whether it compares with a truth. */
  readonly reference: "full" | "none";
  /** Files it needs; without them it is reported as not available, never replaced by something else. */
  readonly weights?: readonly WeightsFile[];
  /**
   * Load what it needs.
   *
   * @param protocol Choices that it keeps to.
   * @param files Path of every file of `weights`, by its name.
   */
  readonly open: (protocol: Protocol, files: Readonly<Record<string, string>>) => Promise<OpenMetric>;
}
