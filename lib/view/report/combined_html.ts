import type { MeasurementResults, Results } from "../../experiment/mod.ts";
import { escapeMarkup } from "../markup.ts";
import { allDirectionsTable } from "../tables/all_directions_table.ts";
import { countVerdicts } from "../tables/direction_table.ts";
import { verdictSentence } from "../verdict_sentence.ts";
import { tableHtml } from "./html_table.ts";
import { measurementHtml } from "./measurement_html.ts";
import { pageHtml } from "./page.ts";
import { type PlotCollector, plotCollector } from "./plots.ts";
import { runHeader, runSections, sectionsHtml } from "./run_sections.ts";
import type { EmbeddedStrip } from "./strip_section.ts";

/** A finished run and the strips that lie beside it. */
export interface FinishedRun {
  /** What it found. */
  readonly results: Results;
  /** None where they were not kept. */
  readonly strips: readonly EmbeddedStrip[];
}

/** A finished measurement and the pictures that lie beside it. */
export interface FinishedMeasurement {
  /** What it found. */
  readonly results: MeasurementResults;
  /** None where they were not kept. */
  readonly pictures: readonly EmbeddedStrip[];
}

/** What a page of all experiments holds. */
export interface CombinedReport {
  /** Experiments that compare arms. */
  readonly runs: readonly FinishedRun[];
  /** Experiments that measure. */
  readonly measurements?: readonly FinishedMeasurement[];
  /** Experiments without results, each with the reason. */
  readonly absent?: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Write several experiments as one page that needs no network: every direction of the paper with its verdict first, then each
 * experiment in a part of its own that opens.
 *
 * @param collector Collects the figures of the page, for whom needs them too.
 */
export function combinedReportHtml(
  { runs, measurements = [], absent = [] }: CombinedReport,
  collector: PlotCollector = plotCollector(),
): string {
  const ids = runs.map(({ results }, i) => `run-${i}-${results.experiment}`);
  const all = [...runs, ...measurements], title = all.length === 1 ? all[0].results.title : "ASASR: all experiments";
  const bodies = runs.map(({ results, strips }, i) => {
    const { reproduced, contradicted, ...open } = countVerdicts(results.directions);
    const counts = results.directions.length === 0
      ? ""
      : ` · ${reproduced} reproduced, ${open["not resolved"]} not resolved, ${contradicted} contradicted`;
    return `<details${all.length === 1 ? " open" : ""} class="run" id="${escapeMarkup(ids[i])}"><summary>${
      escapeMarkup(`${results.title} (${results.preset})${counts}`)
    }</summary>${runHeader(results, "h2")}${
      sectionsHtml(runSections(results, strips, collector, `${ids[i]}-`))
    }</details>`;
  });
  const measured = measurements.map(({ results, pictures }, i) => {
    const id = `measurement-${i}-${results.experiment}`;
    return { id, title: results.title, html: measurementHtml(results, pictures, id, all.length === 1) };
  });
  const lacking = absent.map(({ name, reason }) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(reason)}</dd>`);
  const sections = [
    { id: "directions", title: "Every direction of the paper", content: directionsHtml(runs, measurements) },
    { id: "runs", title: "Runs", content: [...bodies, ...measured.map(({ html }) => html)].join("\n") },
    { id: "absent", title: "Not here", content: lacking.length > 0 ? `<dl>${lacking.join("")}</dl>` : "" },
  ].filter(({ content }) => content !== "").map((section) => ({ ...section, lead: "" }));
  return pageHtml({
    title,
    places: [...sections, ...runs.map(({ results }, i) => ({ id: ids[i], title: results.title })), ...measured],
    body:
      `<header><h1>${escapeMarkup(title)}</h1>${
        all.length === 1 ? "" : `<p class="claim">Finished experiments beside the paper: ${all.length}.</p>`
      }</header>` +
      sectionsHtml(sections),
    footer: all.map(({ results }) => `${results.experiment} ${results.settingsHash.slice(0, 12)}`).join(", ") + ".",
    collector,
  });
}

/** The verdicts of every experiment in a sentence, and one table of all directions. */
function directionsHtml(runs: readonly FinishedRun[], measured: readonly FinishedMeasurement[]): string {
  const judged = runs.map(({ results }) => results).filter(({ directions }) => directions.length > 0);
  const table = allDirectionsTable(judged, measured.map(({ results }) => results));
  if (table.rows.length === 0) return "";
  const sentences = judged.map((results) =>
    `<dt>${escapeMarkup(`${results.title}, ${results.preset}`)}</dt><dd>${escapeMarkup(verdictSentence(results))}</dd>`
  );
  return `<dl>${sentences.join("")}</dl>${tableHtml(table)}`;
}
