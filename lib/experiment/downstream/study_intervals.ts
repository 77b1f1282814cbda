import type { StudyRanks } from "../../metrics/mod.ts";
import { quantile, widening } from "../statistics/bootstrap.ts";
import { resampling } from "../statistics/resampling.ts";
import type { Interval } from "../statistics/verdict.ts";

/** Intervals of one method of a user study. */
export interface StudyIntervals {
  /** Of the share of groups that rank it k-th or better, k from 1; within 0 and 1. */
  readonly topK: readonly Interval[];
  /** Of its mean rank. */
  readonly meanRank: Interval;
}

/**
 * Bound what a user study says by a crossed bootstrap: people are resampled, and images, both (Owen 2007, "The pigeonhole
 * bootstrap"). Not everybody need have ranked everything: a draw weighs the groups that exist.
 *
 * The people's part is widened as that of seeds is in `bootstrapInterval`, with which this agrees where everybody ranked
 * every image. One person says nothing about others: the interval then speaks of the images alone. A share of 0 or 1 would
 * be repeated by every draw: its interval is the exact one of a binomial share of as many trials as there were people (of
 * images, where one person ranked them), as the groups of a person are alike (Clopper and Pearson 1934). A mean rank that no
 * group varies has no such bound: its interval has no width.
 *
 * @param options.level Probability that an interval should hold the true value; 0.95.
 * @returns One entry a method.
 */
export function studyIntervals(
  { ranks, people, images }: StudyRanks,
  options: { readonly level?: number; readonly draws?: number; readonly seed?: number } = {},
): StudyIntervals[] {
  const { level = 0.95, draws = 2000, seed = 0 } = options, methods = ranks[0].length;
  const values = ranks.map((row) => [
    ...row.flatMap((rank) => row.map((_, k) => Number(rank <= k + 1))),
    ...row,
  ]);
  const drawn = crossedDraws(values, people, images, { level, draws, seed });
  const interval = (column: number, low: number, high: number): Interval => {
    const sorted = drawn[column].sort();
    const end = (probability: number) => Math.min(Math.max(quantile(sorted, probability), low), high);
    return { low: end((1 - level) / 2), high: end((1 + level) / 2) };
  };
  const persons = new Set(people).size, trials = persons > 1 ? persons : new Set(images).size;
  const reach = 1 - ((1 - level) / 2) ** (1 / trials); // how far from 0 or 1 the true share may lie
  const share = (method: number, k: number): Interval => {
    const hits = ranks.filter((row) => row[method] <= k + 1).length;
    if (k === methods - 1) return { low: 1, high: 1 }; // nobody can rank below the last place
    if (hits === 0) return { low: 0, high: reach };
    return hits === ranks.length ? { low: 1 - reach, high: 1 } : interval(method * methods + k, 0, 1);
  };
  return Array.from({ length: methods }, (_, method) => ({
    topK: Array.from({ length: methods }, (_, k) => share(method, k)),
    meanRank: interval(methods * methods + method, 1, methods),
  }));
}

/** Means of every column in every draw. `[columns][draws]` */
function crossedDraws(
  values: readonly (readonly number[])[],
  people: readonly number[],
  images: readonly number[],
  { level, draws, seed }: { readonly level: number; readonly draws: number; readonly seed: number },
): Float64Array[] {
  const persons = 1 + Math.max(...people), pictures = 1 + Math.max(...images);
  const plan = resampling(persons, pictures, { draws, seed });
  const peopleFactor = widening(persons, level), imageFactor = widening(pictures, level);
  const columns = values[0].length, ones = new Float64Array(values.length).fill(1);
  const centre = weightedMeans(values, ones);
  const drawn = Array.from({ length: columns }, () => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    const times = new Uint32Array(pictures);
    for (let i = 0; i < pictures; i++) times[plan.imageIndices[draw * pictures + i]]++;
    const byPeople = Float64Array.from(people, (person) => plan.seedShares[draw * persons + person]);
    const byBoth = byPeople.map((share, group) => share * times[images[group]]);
    const ofPeople = weightedMeans(values, byPeople);
    // Where few ranked little, a draw can hold no group at all: it then says nothing of the images.
    const ofBoth = byBoth.some((weight) => weight > 0) ? weightedMeans(values, byBoth) : ofPeople;
    for (let column = 0; column < columns; column++) {
      drawn[column][draw] = centre[column] + peopleFactor * (ofPeople[column] - centre[column]) +
        imageFactor * (ofBoth[column] - ofPeople[column]);
    }
  }
  return drawn;
}

function weightedMeans(values: readonly (readonly number[])[], weights: Float64Array): Float64Array {
  const sums = new Float64Array(values[0].length);
  let total = 0;
  values.forEach((row, group) => {
    if (weights[group] === 0) return;
    total += weights[group];
    for (let column = 0; column < row.length; column++) sums[column] += weights[group] * row[column];
  });
  return sums.map((sum) => sum / total);
}
