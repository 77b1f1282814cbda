import { rng } from "../../core/mod.ts";

/** What a user study says of one method. */
export interface StudyScores {
  /** Share of the groups that rank the method k-th or better, k from 1 (Eq. 47). */
  readonly topK: readonly number[];
  /** Mean rank. */
  readonly meanRank: number;
}

/**
 * Score a user study (Eq. 47): R^k is the share of groups (one person, one image) in which a method's rank is at most k.
 *
 * Methods that share a rank all count at it, so Top-1 sums to 1 over the methods only where nobody ties.
 *
 * @param ranks One row a group, one rank from 1 a method. `[groups][methods]`
 * @returns One entry a method.
 * @throws {RangeError} If there is no group, or a rank is not a whole number from 1 to the number of methods.
 */
export function studyScores(ranks: readonly (readonly number[])[]): StudyScores[] {
  const methods = ranks[0]?.length ?? 0;
  if (methods === 0) throw new RangeError("Cannot score a study as it needs a group: current value is none");
  for (const row of ranks) {
    const wrong = row.length !== methods ||
      row.some((rank) => !(Number.isInteger(rank) && rank >= 1 && rank <= methods));
    if (wrong) throw new RangeError(`Cannot score a study as ranks go from 1 to ${methods}: current value is ${row}`);
  }
  return Array.from({ length: methods }, (_, method) => {
    const own = ranks.map((row) => row[method]);
    return {
      topK: Array.from({ length: methods }, (_, k) => own.filter((rank) => rank <= k + 1).length / own.length),
      meanRank: own.reduce((sum, rank) => sum + rank, 0) / own.length,
    };
  });
}

/**
 * Bound the Top-k share of a method by a bootstrap that resamples people and images, both.
 *
 * @param ranks Rank of the method. `[people][images]`
 * @param k From 1.
 * @param options.level Probability that the interval should hold the share; 0.95.
 * @returns Lower and upper end.
 */
export function studyInterval(
  ranks: readonly (readonly number[])[],
  k: number,
  options: { readonly level?: number; readonly draws?: number; readonly seed?: number } = {},
): [low: number, high: number] {
  const { level = 0.95, draws = 2000, seed = 0 } = options, people = ranks.length, images = ranks[0].length;
  const hits = ranks.map((row) => row.map((rank) => Number(rank <= k)));
  const shares = Float64Array.from({ length: draws }, (_, draw) => {
    const drawn = rng(seed, "user study", draw);
    const rows = Array.from({ length: people }, () => hits[drawn.int(people)]);
    const columns = Array.from({ length: images }, () => drawn.int(images));
    const total = rows.reduce((sum, row) => sum + columns.reduce((part, image) => part + row[image], 0), 0);
    return total / (people * images);
  }).sort();
  const at = (probability: number) => shares[Math.round(probability * (draws - 1))];
  return [at((1 - level) / 2), at((1 + level) / 2)];
}
