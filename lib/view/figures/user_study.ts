import type { DownstreamResults } from "../../experiment/mod.ts";
import { type Figure, figure } from "../figure.ts";
import { colourOf } from "../palette.ts";

/**
 * Plot the Top-K shares of a user study with their intervals (Fig. 8): the first point of a line is the Top-1 ratio.
 *
 * @throws {RangeError} If the results hold no study.
 */
export function studyFigure({ entries }: DownstreamResults): Figure {
  const study = entries.filter(({ task }) => task === "study");
  if (study.length === 0) throw new RangeError("Cannot plot a user study as the results must hold one: there is none");
  const ks = study.map((_, i) => i + 1);
  const byFirst = study.toSorted((a, b) => b.scores["Top-1"]! - a.scores["Top-1"]!);
  return figure({
    title: "User study: Top-K ratio",
    caption: "Share of groups (one person, one image) that rank a method k-th or better (Eq. 47), with 95 % intervals.",
    x: { label: "k", ticks: ks.map((k) => ({ at: k, text: String(k) })), range: [0.9, study.length + 0.1] },
    y: { label: "Top-K ratio (%)", range: [0, 102] },
    marks: byFirst.map(({ method, scores }, i) => {
      const percent = (end: string) => ks.map((k) => 100 * scores[`Top-${k}${end}`]!);
      return {
        kind: "line",
        label: method,
        x: ks,
        y: percent(""),
        band: { low: percent(" low"), high: percent(" high") },
        dots: true,
        colour: colourOf(i),
      };
    }),
  });
}
