import { sha256File } from "../../core/mod.ts";
import { readStudy, studyInterval, studyScores } from "../../metrics/mod.ts";
import type { DownstreamEntry } from "./downstream.ts";

/**
 * Score a user study from a CSV of ranks (Eq. 47): Top-k shares and mean rank of every method, and, where every person ranked
 * every image, the 95 % interval of Top-1.
 *
 * @throws {DataError} If the file does not fit its format.
 */
export async function scoreStudy(ranks: string): Promise<DownstreamEntry[]> {
  const study = await readStudy(ranks), found = studyScores(study.ranks), truth = await sha256File(ranks);
  return study.methods.map((method, m): DownstreamEntry => {
    const { topK, meanRank } = found[m];
    const own = study.people?.map((groups) => groups.map((group) => study.ranks[group][m]));
    const ends = own ? studyInterval(own, 1) : null;
    return {
      task: "study",
      method,
      scores: {
        ...Object.fromEntries(topK.map((share, k) => [`Top-${k + 1}`, share])),
        "Top-1 low": ends?.[0] ?? null,
        "Top-1 high": ends?.[1] ?? null,
        "mean rank": meanRank,
      },
      protocol: "user study: share of groups (one person, one image) ranked k-th or better (Eq. 47)",
      truth,
      faults: [],
      notes: ends ? [] : ["not every person ranked every image, so Top-1 has no interval"],
    };
  });
}
