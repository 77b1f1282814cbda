import type { Results } from "../../experiment/mod.ts";
import { escapeMarkup } from "../markup.ts";
import type { Row } from "../table.ts";
import { countVerdicts, directionTable } from "../tables/direction_table.ts";
import { offsetTable } from "../tables/offset_table.ts";
import { verdictSentence } from "../verdict_sentence.ts";
import { tableHtml } from "./html_table.ts";
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

/**
 * Write several runs as one page that needs no network: every direction of the paper with its verdict first, then each run in
 * a part of its own that opens.
 *
 * @param absent Experiments without results, each with the reason.
 * @param collector Collects the figures of the page, for whom needs them too.
 */
export function combinedReportHtml(
  runs: readonly FinishedRun[],
  absent: readonly { readonly name: string; readonly reason: string }[] = [],
  collector: PlotCollector = plotCollector(),
): string {
  const ids = runs.map(({ results }, i) => `run-${i}-${results.experiment}`);
  const bodies = runs.map(({ results, strips }, i) => {
    const { reproduced, contradicted, ...open } = countVerdicts(results.directions);
    const counts = results.directions.length === 0
      ? ""
      : ` · ${reproduced} reproduced, ${open["not resolved"]} not resolved, ${contradicted} contradicted`;
    return `<details class="run" id="${escapeMarkup(ids[i])}"><summary>${
      escapeMarkup(`${results.title} (${results.preset})${counts}`)
    }</summary>${runHeader(results, "h2")}${
      sectionsHtml(runSections(results, strips, collector, `${ids[i]}-`))
    }</details>`;
  });
  const lacking = absent.map(({ name, reason }) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(reason)}</dd>`);
  const sections = [
    { id: "directions", title: "Every direction of the paper", content: directionsHtml(runs) },
    { id: "runs", title: "Runs", content: bodies.join("\n") },
    { id: "absent", title: "Not here", content: lacking.length > 0 ? `<dl>${lacking.join("")}</dl>` : "" },
  ].filter(({ content }) => content !== "").map((section) => ({ ...section, lead: "" }));
  return pageHtml({
    title: "ASASR: all experiments",
    places: [...sections, ...runs.map(({ results }, i) => ({ id: ids[i], title: results.title }))],
    body:
      `<header><h1>ASASR: all experiments</h1><p class="claim">Finished runs beside the paper: ${runs.length}.</p></header>` +
      sectionsHtml(sections),
    footer: runs.map(({ results }) => `${results.experiment} ${results.settingsHash.slice(0, 12)}`).join(", ") + ".",
    collector,
  });
}

/** The verdicts of all runs, and one table of their directions. */
function directionsHtml(runs: readonly FinishedRun[]): string {
  const judged = runs.filter(({ results }) => results.directions.length > 0);
  if (judged.length === 0) return "";
  const tables = judged.map(({ results }) => ({ results, table: directionTable(results) }));
  const [{ table: { columns, caption } }] = tables;
  const rows = tables.flatMap(({ results, table }): Row[] => [
    { heading: `${results.title}, ${results.preset}, ${results.seeds.length} seeds` },
    ...table.rows,
  ]);
  const sentences = judged.map(({ results }) =>
    `<dt>${escapeMarkup(results.title)}</dt><dd>${escapeMarkup(verdictSentence(results))}</dd>`
  );
  return `<dl>${sentences.join("")}</dl>${tableHtml({ caption, columns, rows })}${frontierHtml(judged)}`;
}

/** Where the arms of every run stand beside the frontier of plain sampling. */
function frontierHtml(runs: readonly FinishedRun[]): string {
  const known = runs.filter(({ results }) => results.offsets.some(({ frontier }) => frontier === "envelope"));
  return known.map(({ results }) => {
    const table = offsetTable(results, "envelope");
    return tableHtml({ ...table, caption: `${results.title}: ${table.caption}` });
  }).join("");
}
