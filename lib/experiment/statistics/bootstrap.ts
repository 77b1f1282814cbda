import { mean } from "./moments.ts";
import type { Resampling } from "./resampling.ts";
import { studentQuantile } from "./student.ts";
import type { Interval } from "./verdict.ts";

/**
 * Bound the mean of differences by a hierarchical bootstrap: seeds are resampled, then images.
 *
 * A percentile interval of three seeds can reach no further than the smallest and the largest of them, and holds the
 * true mean in three runs of four only. So the seeds' part of every draw is widened by sqrt(n / (n - 1)) and by the
 * ratio of Student's to the normal quantile, as a t interval is (after Hesterberg 2015, "What teachers should know
 * about the bootstrap"), and the images' part likewise: by 8 % for 24 images, by 2 % for 100. One seed says nothing about
 * other seeds: its interval speaks of the images alone. One value of one seed has an unbounded interval.
 *
 * @param differences One row a seed, one column an image. `[seeds][images]`
 * @param plan The draws, for as many seeds and images.
 * @param level Probability that the interval should hold the true mean.
 * @throws {RangeError} If the shapes do not agree or a value is not finite.
 */
export function bootstrapInterval(
  differences: readonly (readonly number[])[],
  plan: Resampling,
  level = 0.95,
): Interval {
  checkShape(differences, plan);
  if (plan.seeds === 1 && plan.images === 1) return { low: -Infinity, high: Infinity };
  const seedMeans = differences.map(mean), centre = mean(seedMeans);
  const seedFactor = widening(plan.seeds, level), imageFactor = widening(plan.images, level);
  const drawn = new Float64Array(plan.draws);
  const resampled = resampledSeedMeans(differences, plan);
  for (let draw = 0; draw < plan.draws; draw++) {
    let seedPart = 0, imagePart = 0;
    for (let s = 0; s < plan.seeds; s++) {
      const share = plan.seedShares[draw * plan.seeds + s];
      seedPart += share * (seedMeans[s] - centre);
      imagePart += share * (resampled[draw * plan.seeds + s] - seedMeans[s]);
    }
    drawn[draw] = centre + seedFactor * seedPart + imageFactor * imagePart;
  }
  drawn.sort();
  return { low: quantile(drawn, (1 - level) / 2), high: quantile(drawn, (1 + level) / 2) };
}

/**
 * How far the part of a draw that few seeds (images, people) have is widened, so that they bound no more than they can.
 *
 * @returns 0 for one: it says nothing about others.
 */
export function widening(count: number, level: number): number {
  if (count === 1) return 0;
  const upper = (1 + level) / 2;
  return Math.sqrt(count / (count - 1)) * studentQuantile(upper, count - 1) / studentQuantile(upper, 1e6);
}

/** Mean of every seed over the images of every draw. `[draws * seeds]` */
function resampledSeedMeans(differences: readonly (readonly number[])[], plan: Resampling): Float64Array {
  const { seeds, images, draws, imageIndices } = plan;
  const byImage = new Float64Array(images * seeds);
  differences.forEach((row, s) => row.forEach((value, i) => byImage[i * seeds + s] = value / images));
  const means = new Float64Array(draws * seeds);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < images; i++) {
      const from = imageIndices[draw * images + i] * seeds, to = draw * seeds;
      for (let s = 0; s < seeds; s++) means[to + s] += byImage[from + s];
    }
  }
  return means;
}

/** Quantile of sorted values, linear between neighbours. */
export function quantile(sorted: Float64Array, probability: number): number {
  const at = probability * (sorted.length - 1), below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

function checkShape(differences: readonly (readonly number[])[], plan: Resampling): void {
  const shape = `[${differences.length}, ${[...new Set(differences.map((row) => row.length))].join(" or ")}]`;
  if (differences.length !== plan.seeds || differences.some((row) => row.length !== plan.images)) {
    throw new RangeError(
      `Cannot bootstrap differences as the draws are for [${plan.seeds}, ${plan.images}]: current shape is ${shape}`,
    );
  }
  const wrong = differences.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot bootstrap differences as they must be finite: current value is ${wrong}`);
  }
}
