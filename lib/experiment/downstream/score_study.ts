import { sha256File } from "../../core/mod.ts";
import { readStudy, studyScores } from "../../metrics/mod.ts";
import type { DownstreamEntry } from "./downstream.ts";
import { studyIntervals } from "./study_intervals.ts";

/**
 * Score a user study (Eq. 47) from the rankings that `deno task study` keeps or from a CSV of ranks: Top-k shares and mean
 * rank of every method, each with its 95 % interval over people and images.
 *
 * @throws {DataError} If the file does not fit its format.
 */
export async function scoreStudy(ranks: string): Promise<DownstreamEntry[]> {
  const study = await readStudy(ranks), found = studyScores(study.ranks), intervals = studyIntervals(study);
  const truth = await sha256File(ranks);
  const people = new Set(study.people).size, images = new Set(study.images).size, groups = study.ranks.length;
  const tied = study.ranks.filter((row) => new Set(row).size < row.length).length;
  const notes = [
    ...tied > 0
      ? [`${tied} of ${groups} groups share ranks: every method counts at its own, so Top-1 may sum to more`]
      : [],
    ...groups < people * images ? [`${groups} of ${people * images} groups were ranked`] : [],
    ...people === 1 ? ["one person: the intervals speak of images alone"] : [],
  ];
  return study.methods.map((method, m): DownstreamEntry => ({
    task: "study",
    method,
    scores: {
      ...Object.fromEntries(found[m].topK.flatMap((share, k) => [
        [`Top-${k + 1}`, share],
        [`Top-${k + 1} low`, intervals[m].topK[k].low],
        [`Top-${k + 1} high`, intervals[m].topK[k].high],
      ])),
      "mean rank": found[m].meanRank,
      "mean rank low": intervals[m].meanRank.low,
      "mean rank high": intervals[m].meanRank.high,
    },
    protocol: `user study: share of groups (one person, one image) ranked k-th or better (Eq. 47); ${people} people, ` +
      `${images} images, 95 % intervals over both (crossed bootstrap)`,
    truth,
    faults: [],
    notes,
  }));
}
