import type { Results } from "../../experiment/mod.ts";
import { differenceFigure } from "../figures/differences.ts";
import { distortionRealismFigure } from "../figures/distortion_realism.ts";
import { imageGainsFigure } from "../figures/image_gains.ts";
import { spectraFigure, spectralGapFigure } from "../figures/spectra.ts";
import { sweepFigure, sweepOf } from "../figures/sweep.ts";
import { trainingFigures } from "../figures/training.ts";
import { escapeMarkup } from "../markup.ts";
import { controlsOf, differenceTable } from "../tables/difference_table.ts";
import { directionTable } from "../tables/direction_table.ts";
import { pointLabel } from "../tables/labels.ts";
import { metricsTable } from "../tables/metrics_table.ts";
import { offsetTable } from "../tables/offset_table.ts";
import { outlierMetric, outlierTable } from "../tables/outlier_table.ts";
import { paperTable } from "../tables/paper_table.ts";
import { tableHtml } from "./html_table.ts";
import type { PlotCollector } from "./plots.ts";

/** Write the table of all metrics. */
export function metricsSection(results: Results): string {
  const descriptions = results.points.filter(({ kind }) => kind === "arm" || kind === "baseline").map((point) =>
    `<dt>${escapeMarkup(point.label)}</dt><dd>${escapeMarkup(point.description)}</dd>`
  );
  return tableHtml(metricsTable(results)) +
    `<p class="tablenotes">${escapeMarkup(results.protocol)}. ${escapeMarkup(results.dataDescription)}</p>` +
    `<details><summary>What the arms are</summary><dl>${descriptions.join("")}</dl></details>`;
}

/** Write the paper's tables beside ours and the verdict on every direction. */
export function paperSection(results: Results): string {
  const directions = results.directions.length > 0 ? tableHtml(directionTable(results)) : "";
  return results.paperTables.map((table) => tableHtml(paperTable(results, table))).join("") + directions;
}

/** Write the paired differences from every control, the first one open. */
export function differenceSection(results: Results, { gallery }: PlotCollector): string {
  return controlsOf(results).map((control, i) => {
    const figures = ["psnrDb", "ssim", "gmsd", "swd"].map((metric) => differenceFigure(results, control, metric));
    return `<details${i === 0 ? " open" : ""}><summary>Against ${
      escapeMarkup(pointLabel(results, control))
    }</summary>` +
      tableHtml(differenceTable(results, control)) + gallery(figures) + "</details>";
  }).join("");
}

/** Write which images gain and lose the most against the main control. */
export function outlierSection(
  results: Results,
  { gallery }: PlotCollector,
  strips: ReadonlyMap<string, string>,
): string {
  const [control] = controlsOf(results), metric = outlierMetric(results);
  if (control === undefined || metric === undefined) return "";
  const links = new Map([...strips].map(([image, id]) => [image, `#${id}`]));
  return gallery([imageGainsFigure(results, control)]) +
    tableHtml(outlierTable(results, control, metric, { strips: links }));
}

/** Write the distortion-realism plots and the offsets at equal realism. */
export function realismSection(results: Results, { gallery }: PlotCollector): string {
  const plain = new Set(["swd", "hfRatio", "psnrDb"]);
  const perceptual = new Set(results.offsets.map(({ at }) => at)).difference(plain);
  const plots = gallery([
    distortionRealismFigure(results),
    distortionRealismFigure(results, { closeUp: true }),
    distortionRealismFigure(results, { fidelity: "ssim" }),
    distortionRealismFigure(results, { fidelity: "gmsd" }),
    distortionRealismFigure(results, { realism: "hfRatio" }),
    ...[...perceptual].map((realism) => distortionRealismFigure(results, { realism })),
  ], "lead");
  const offsets = (["euler", "envelope"] as const).filter((frontier) =>
    results.offsets.some((offset) => offset.frontier === frontier)
  );
  return plots + offsets.map((frontier) => tableHtml(offsetTable(results, frontier))).join("");
}

/** Write a plot of every metric over the number that the run sweeps; empty where it sweeps none. */
export function sweepSection(results: Results, { gallery }: PlotCollector): string {
  const sweep = sweepOf(results);
  const metrics = results.metrics.filter(({ name }) => name !== "lsdE"); // the LSD in another unit
  return sweep ? gallery(metrics.map((metric) => sweepFigure(results, sweep, metric))) : "";
}

/** Write the power spectra. */
export function spectraSection(results: Results, { gallery }: PlotCollector): string {
  return gallery([spectraFigure(results), spectralGapFigure(results)]);
}

/** Write the training curves and what the health gate said. */
export function trainingSection(results: Results, { gallery }: PlotCollector): string {
  const gated = results.curves.filter(({ health }) => health);
  const closed = gated.filter(({ health }) => !health!.healthy);
  const verdict = gated.length === 0
    ? ""
    : closed.length === 0
    ? `All ${gated.length} preference runs ended healthy: the winner's energy gap, averaged over the last steps, lies ` +
      `below ${gated[0].health!.limit}.`
    : `The health gate closed in ${closed.length} of ${gated.length} preference runs: ${
      closed.map(({ label, seed, health }) => `${label}, seed ${seed} (winner gap ${health!.winnerGap.toPrecision(2)})`)
        .join("; ")
    }: there the policy came to fit the true images worse than the reference does.`;
  const paragraph = verdict && `<p${closed.length > 0 ? ' class="note"' : ""}>${escapeMarkup(verdict)}</p>`;
  return paragraph + gallery(trainingFigures(results));
}
