import { bootstrapInterval } from "./bootstrap.ts";
import { crossedTest } from "./crossed.ts";
import { mean, standardDeviation } from "./moments.ts";
import { type Resampling, resampling } from "./resampling.ts";
import type { Interval } from "./verdict.ts";

/** A difference of two arms, paired by seed and image. */
export interface PairedDifference extends Interval {
  /** Mean over seeds and images. */
  readonly mean: number;
  /** Mean over the images of every seed. */
  readonly perSeed: readonly number[];
  /** Seeds whose difference has the sign of the mean. */
  readonly sameSign: number;
  /** Cohen's d_z of the images' means over seeds: mean over standard deviation; NaN for a single image or where nothing varies. */
  readonly effectSize: number;
  /** Two-sided, uncorrected p-value of {@link crossedTest}. */
  readonly p: number;
}

/**
 * Compare two arms that were evaluated on the same images with the same noise: `arm - control`.
 *
 * @param arm One row a seed, one column an image. `[seeds][images]`
 * @param control The same seeds and images. `[seeds][images]`
 * @param plan Draws of the bootstrap; by default 10,000 drawn anew.
 * @throws {RangeError} If the shapes differ or a value is not finite.
 */
export function pairedDifference(
  arm: readonly (readonly number[])[],
  control: readonly (readonly number[])[],
  plan: Resampling = resampling(arm.length, arm[0]?.length ?? 0),
): PairedDifference {
  if (arm.length !== control.length || arm.some((row, s) => row.length !== control[s].length)) {
    const shapes = [arm, control].map((rows) => `[${rows.map((row) => row.length)}]`);
    throw new RangeError(
      `Cannot pair arm and control as both need the same seeds and images: current values are ${shapes.join(" and ")}`,
    );
  }
  const differences = arm.map((row, s) => row.map((value, i) => value - control[s][i]));
  const interval = bootstrapInterval(differences, plan);
  const perSeed = differences.map(mean), centre = mean(perSeed);
  const perImage = differences[0].map((_, i) => mean(differences.map((row) => row[i])));
  const sd = standardDeviation(perImage);
  return {
    mean: centre,
    ...interval,
    perSeed,
    sameSign: perSeed.filter((value) => Math.sign(value) === Math.sign(centre)).length,
    effectSize: sd > 0 ? centre / sd : NaN,
    p: crossedTest(differences).p,
  };
}
