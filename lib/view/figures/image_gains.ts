import type { Results } from "../../experiment/mod.ts";
import { type Figure, figure } from "../figure.ts";
import { ink } from "../palette.ts";
import { armsAgainst, imageGains, outlierMetric } from "../tables/outlier_table.ts";
import { pointLabel } from "../tables/labels.ts";
import { metricAxis } from "../tables/metric_label.ts";
import { appearances } from "./appearance.ts";

/**
 * Plot the difference of every image to a control, sorted: whether an arm gains everywhere or by a few images.
 *
 * @returns Undefined where nothing is compared with the control, or no metric exists by image.
 */
export function imageGainsFigure(results: Results, control: string): Figure | undefined {
  const metric = outlierMetric(results), arms = armsAgainst(results, control), look = appearances(results);
  if (metric === undefined || arms.length === 0) return undefined;
  const share = results.testIds.map((_, i) => 100 * (i + 0.5) / results.testIds.length);
  return figure({
    title: `Δ ${metric.label} of every test crop to ${pointLabel(results, control)}, sorted`,
    caption: "Mean over seeds. A curve that crosses zero on the left gains on few images alone.",
    x: { label: "Share of test crops (%)", range: [0, 100] },
    y: { label: `Δ ${metricAxis(metric)}` },
    marks: [
      { kind: "rule", axis: "y", at: 0, label: "", unlisted: true, colour: ink.soft },
      ...arms.map((arm) => ({
        kind: "line" as const,
        label: pointLabel(results, arm),
        x: share,
        y: imageGains(results, arm, control, metric).map(({ difference }) => difference),
        colour: look(arm).colour,
        dash: look(arm).dash,
        width: 1.8,
      })),
    ],
  });
}
