import { mean, standardDeviation } from "./moments.ts";
import { studentCdf } from "./student.ts";

/** Result of {@link crossedTest}. */
export interface CrossedTest {
  /** Standard error of the mean over both seeds and images. */
  readonly standardError: number;
  /** Satterthwaite's degrees of freedom. */
  readonly freedom: number;
  /** Two-sided p-value of "the mean is zero". */
  readonly p: number;
}

/**
 * Test whether the mean of differences is zero, with seeds and images both random (Clark 1973, "The
 * language-as-fixed-effect fallacy"; degrees of freedom by Satterthwaite 1946).
 *
 * Every seed saw the same images, so the variance of the mean is that of the seeds plus that of the images less the
 * residual that both contain. With one seed it is a t-test over images, with one image a t-test over seeds.
 *
 * @param differences One row a seed, one column an image, all finite. `[seeds][images]`
 * @returns p = 1 where a single value leaves nothing to test with.
 */
export function crossedTest(differences: readonly (readonly number[])[]): CrossedTest {
  const seeds = differences.length, images = differences[0].length;
  if (seeds === 1 && images === 1) return { standardError: Infinity, freedom: 0, p: 1 };
  const seedMeans = differences.map(mean);
  const imageMeans = differences[0].map((_, i) => mean(differences.map((row) => row[i])));
  const centre = mean(seedMeans);
  const seedVariance = seeds > 1 ? standardDeviation(seedMeans) ** 2 / seeds : 0;
  const imageVariance = images > 1 ? standardDeviation(imageMeans) ** 2 / images : 0;
  let residual = 0;
  differences.forEach((row, s) =>
    row.forEach((value, i) => residual += (value - seedMeans[s] - imageMeans[i] + centre) ** 2)
  );
  const residualFreedom = (seeds - 1) * (images - 1);
  const residualVariance = residualFreedom > 0 ? residual / residualFreedom / (seeds * images) : 0;
  const variance = Math.max(seedVariance + imageVariance - residualVariance, seedVariance, imageVariance);
  if (variance === 0) return { standardError: 0, freedom: 0, p: centre === 0 ? 1 : 0 };
  const spread = square(seedVariance, seeds - 1) + square(imageVariance, images - 1) +
    square(residualVariance, residualFreedom);
  const freedom = variance ** 2 / spread;
  const standardError = Math.sqrt(variance);
  return { standardError, freedom, p: 2 * studentCdf(-Math.abs(centre) / standardError, freedom) };
}

function square(variance: number, freedom: number): number {
  return freedom > 0 ? variance ** 2 / freedom : 0;
}
