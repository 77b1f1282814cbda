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
 * Turn places into ranks: one more than how many methods stand strictly before, so that a shared place leaves out the
 * ranks after it ("1, 1, 3"), whatever numbers the places had.
 *
 * @param places One number a method, the smallest is best.
 */
export function competitionRanks(places: readonly number[]): number[] {
  return places.map((own) => 1 + places.filter((other) => other < own).length);
}
