import { type MetricColumn, observations, type Results } from "../../experiment/mod.ts";
import { formatSigned } from "../numbers.ts";
import { type Cell, cell, type Row, type Table } from "../table.ts";
import { pointLabel } from "./labels.ts";
import { metricLabel } from "./metric_label.ts";

/** How far one image is better or worse under an arm than under its control. */
export interface ImageGain {
  /** Id of the test crop. */
  readonly image: string;
  /** Arm less control, mean over the seeds. */
  readonly difference: number;
  /** The same at every seed. */
  readonly perSeed: readonly number[];
}

/** The metric by which images are told apart: PSNR, or the first that exists by image. */
export function outlierMetric({ metrics }: Results): MetricColumn | undefined {
  return metrics.find(({ name }) => name === "psnrDb") ?? metrics.find(({ level }) => level === "image");
}

/** Arms that are compared with a control, in the order of the comparisons. */
export function armsAgainst({ comparisons }: Results, control: string): string[] {
  return [...new Set(comparisons.filter((each) => each.control === control).map(({ arm }) => arm))];
}

/** Differences of all images between two points, the best first. */
export function imageGains(results: Results, arm: string, control: string, metric: MetricColumn): ImageGain[] {
  const [ours, theirs] = [arm, control].map((id) =>
    observations(results.points.find((point) => point.id === id)!, metric)
  );
  const sign = metric.better === "lower" ? -1 : 1;
  return results.testIds.map((image, i): ImageGain => {
    const perSeed = ours.map((row, seed) => row[i] - theirs[seed][i]);
    return { image, perSeed, difference: perSeed.reduce((sum, value) => sum + value, 0) / perSeed.length };
  }).sort((a, b) => sign * (b.difference - a.difference));
}

/**
 * Tabulate the images that gain and lose the most under every arm; an image that a strip shows links to it.
 *
 * @param options.count Images at each end; 3.
 * @param options.strips Addresses of strips by the id of their crop.
 */
export function outlierTable(
  results: Results,
  control: string,
  metric: MetricColumn,
  options: { readonly count?: number; readonly strips?: ReadonlyMap<string, string> } = {},
): Table {
  const { count = 3, strips = new Map() } = options;
  const entry = ({ image, difference, perSeed }: ImageGain): Cell =>
    cell(image, {
      detail: formatSigned(difference, metric.digits),
      hint: `by seed: ${perSeed.map((value) => formatSigned(value, metric.digits)).join(", ")}`,
      link: strips.get(image),
    });
  const rows = armsAgainst(results, control).flatMap((arm): Row[] => {
    const gains = imageGains(results, arm, control, metric), shown = Math.min(count, Math.floor(gains.length / 2));
    return [
      { heading: pointLabel(results, arm) },
      ...Array.from({ length: shown }, (_, i) => [
        cell(String(i + 1)),
        entry(gains[i]),
        entry(gains[gains.length - 1 - i]),
      ]),
    ];
  });
  return {
    caption: `Test crops with the largest differences in ${metricLabel(metric)} to ${
      pointLabel(results, control)
    }, mean over seeds.`,
    columns: [
      { label: "", align: "left" },
      { label: "Best", align: "left" },
      { label: "Worst", align: "left" },
    ],
    rows,
  };
}
