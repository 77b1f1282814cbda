import type { Results } from "../../experiment/mod.ts";
import { escapeMarkup, scriptJson } from "../markup.ts";
import { plotlySource } from "./plotly_source.ts";
import { plotCollector } from "./plots.ts";
import { bullets, provenanceSection } from "./provenance_section.ts";
import { reportScript } from "./script.ts";
import {
  differenceSection,
  metricsSection,
  paperSection,
  realismSection,
  spectraSection,
  sweepSection,
  trainingSection,
} from "./sections.ts";
import { type EmbeddedStrip, stripSection } from "./strip_section.ts";
import { reportStyle } from "./style.ts";
import { summarySection } from "./summary_section.ts";

/** A part of the page; left out where its content is empty. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly content: string;
}

/**
 * Write a finished run as one page that needs no network: tables, interactive plots (drawn as SVG where scripts do not
 * run), images, and all that is needed to repeat it.
 *
 * The page's security policy allows no connection at all.
 */
export function reportHtml(results: Results, strips: readonly EmbeddedStrip[] = []): string {
  const collector = plotCollector();
  const sections = sectionsOf(results, strips, collector).filter(({ content }) => content !== "");
  const { title, claim, seeds, preset, testIds, environment } = results;
  const chips = [["preset", preset], ["seeds", String(seeds.length)], ["test crops", String(testIds.length)], [
    "engine",
    environment.engine,
  ], ["commit", environment.commit.slice(0, 10)]].map(([name, value]) =>
    `<li>${name} <b>${escapeMarkup(value)}</b></li>`
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>${escapeMarkup(title)}</title><style>${reportStyle}</style>
<noscript><style>[data-plot], .legend { display: none; }</style></noscript></head>
<body><div class="layout">
<nav aria-label="Sections"><strong>ASASR</strong>${
    sections.map(({ id, title }) => `<a href="#${id}">${escapeMarkup(title)}</a>`).join("")
  }</nav>
<main><header><h1>${escapeMarkup(title)}</h1><p class="claim">The paper: ${escapeMarkup(claim)}</p>
<ul class="chips">${chips.join("")}</ul></header>
${
    sections.map(({ id, title, lead, content }) =>
      `<section id="${id}"><h2>${escapeMarkup(title)}</h2>${
        lead ? `<p class="lead">${escapeMarkup(lead)}</p>` : ""
      }${content}</section>`
    ).join("\n")
  }
<footer>${escapeMarkup(results.experiment)}, settings ${
    escapeMarkup(results.settingsHash.slice(0, 16))
  }. This page works offline.</footer>
</main></div>
<script type="application/json" id="plots">${scriptJson(collector.plots)}</script>
<script>${plotlySource()}</script>
<script>${reportScript}</script>
</body></html>
`;
}

function sectionsOf(
  results: Results,
  strips: readonly EmbeddedStrip[],
  collector: ReturnType<typeof plotCollector>,
): Section[] {
  return [
    { id: "summary", title: "What this run found", lead: "", content: summarySection(results) },
    {
      id: "metrics",
      title: "Metrics",
      lead: "Every arm and every training-free control, on the same test crops and the same noise.",
      content: metricsSection(results),
    },
    {
      id: "paper",
      title: "The paper's table beside ours",
      lead: "What can be compared is the order of the arms: scale, data and backbone differ.",
      content: paperSection(results),
    },
    {
      id: "sweep",
      title: "Sweep",
      lead: "Every metric over the number in which the arms differ.",
      content: sweepSection(results, collector),
    },
    {
      id: "differences",
      title: "Paired differences",
      lead:
        "Better than the control is green in the table and blue in the figures, worse is orange. Gray is not resolved: " +
        "the 95 % interval holds zero, or one seed gives a measure of the whole set no interval.",
      content: differenceSection(results, collector),
    },
    {
      id: "realism",
      title: "Distortion and realism",
      lead:
        "Gray is what sampling alone reaches, without training: SFT at several step counts and mixed with its posterior mean. Only an arm beyond those curves improves the trade-off.",
      content: realismSection(results, collector),
    },
    { id: "spectra", title: "Power spectra", lead: "", content: spectraSection(results, collector) },
    {
      id: "strips",
      title: "Images",
      lead: "Test crops of the first seed, each arm from the same noise.",
      content: stripSection(strips),
    },
    {
      id: "training",
      title: "Training",
      lead: "Means over seeds; where the curves are few, bands reach from the smallest to the largest seed.",
      content: trainingSection(results, collector),
    },
    {
      id: "departures",
      title: "What differs from the paper",
      lead: "",
      content: results.departures.length > 0 ? bullets(results.departures) : "",
    },
    {
      id: "provenance",
      title: "How to repeat it",
      lead: "The same command on the same engine and threads gives the same bytes.",
      content: provenanceSection(results),
    },
  ];
}
