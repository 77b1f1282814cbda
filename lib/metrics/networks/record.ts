import type { Raster } from "../../image/mod.ts";

/** A metric whose weights are loaded; it owns them. */
export interface LoadedMetric {
  /**
   * Measure one image.
   *
   * @param sr Result. RGB in [0, 1]
   * @param hr Truth of the same size; needed by metrics with a full reference, not read by the others.
   * @throws {RangeError} If the truth is missing or of another size, or the image is too small.
   */
  measure(sr: Raster, hr?: Raster): Promise<number>;
  /** Free the weights. */
  dispose(): void;
}

/** A metric that is a trained network: what tables need to know of it, and how its weights are loaded. */
export interface NetworkMetric {
  /** Key in records of values. */
  readonly name: string;
  /** Name for people. */
  readonly label: string;
  /** Empty for a pure number. */
  readonly unit: string;
  /** Smallest and largest value that can occur, or that it was trained on where its output is not bounded. */
  readonly range: readonly [number, number];
  /** Direction. */
  readonly better: "higher" | "lower";
  /** Decimals to print. */
  readonly digits: number;
  /** Shortest side that can be measured. */
  readonly leastSide: number;
  /** Where it is defined, and by which weights. */
  readonly source: string;
  /** `full`: compares with the truth. */
  readonly reference: "full" | "none";
  /** Weights that must lie in the folder. */
  readonly files: readonly string[];
  /**
   * Load the weights.
   *
   * @param folder Holds `files`.
   * @throws {RefusedError} If a file is missing: "not available: needs FILE".
   * @throws {DataError} If the tensors are not those of the network; it lists what is missing.
   */
  load(folder: string): Promise<LoadedMetric>;
}
