/** A truth or detection as matching needs it. */
export interface CocoInstance {
  /** Pixels. */
  readonly area: number;
  /** Of a detection. */
  readonly score: number;
  /** Of a truth: it takes any number of detections and asks for none. */
  readonly crowd: boolean;
}

/** The instances of one category in one image. */
export interface ImageInstances {
  /** In the order of the file. */
  readonly truths: readonly CocoInstance[];
  /** The best 100, by falling score. */
  readonly detections: readonly CocoInstance[];
  /** Overlap of a detection with a truth. `[detections][truths]` */
  readonly overlaps: readonly (readonly number[])[];
}

/** What became of the detections of one category in one image. */
export interface Matches {
  /** Scores by which detections are ordered. */
  readonly scores: readonly number[];
  /** At every threshold: 1 a hit, 0 a false alarm, -1 not counted. `[thresholds][detections]` */
  readonly outcomes: readonly (readonly number[])[];
  /** Truths that ask for a detection. */
  readonly wanted: number;
}

/**
 * Match detections with truths as COCO does: by falling score each takes the free truth it overlaps most; a crowd may be
 * taken again and again; truths outside the range of areas, and what matches them, are not counted.
 *
 * @param range Smallest and largest area.
 * @param thresholds Least overlap of a match.
 */
export function matchImage(
  { truths, detections, overlaps }: ImageInstances,
  range: readonly [number, number],
  thresholds: readonly number[],
): Matches {
  const outside = ({ area }: CocoInstance) => area < range[0] || area > range[1];
  const ignored = truths.map((truth) => truth.crowd || outside(truth));
  const order = truths.map((_, g) => g).sort((a, b) => Number(ignored[a]) - Number(ignored[b]));
  const outcomes = thresholds.map((threshold) => {
    const taken = new Set<number>();
    return detections.map((detection, d) => {
      const match = bestTruth(overlaps[d], threshold);
      if (match === undefined) return outside(detection) ? -1 : 0;
      taken.add(match);
      return ignored[match] ? -1 : 1;
    });

    function bestTruth(row: readonly number[], least: number): number | undefined {
      let match: number | undefined, overlap = Math.min(least, 1 - 1e-10);
      for (const g of order) {
        if (taken.has(g) && !truths[g].crowd) continue;
        if (match !== undefined && !ignored[match] && ignored[g]) break; // a counted match is better than any other
        if (row[g] < overlap) continue;
        overlap = row[g];
        match = g;
      }
      return match;
    }
  });
  return { scores: detections.map(({ score }) => score), outcomes, wanted: ignored.filter((ignore) => !ignore).length };
}
