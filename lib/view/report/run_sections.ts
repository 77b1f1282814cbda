import type { Results } from "../../experiment/mod.ts";
import { claimText } from "../claim_text.ts";
import { escapeMarkup } from "../markup.ts";
import type { PlotCollector } from "./plots.ts";
import { bullets, provenanceSection } from "./provenance_section.ts";
import {
  differenceSection,
  metricsSection,
  outlierSection,
  paperSection,
  realismSection,
  spectraSection,
  sweepSection,
  trainingSection,
} from "./sections.ts";
import { type EmbeddedStrip, stripIds, stripSection } from "./strip_section.ts";
import { summarySection } from "./summary_section.ts";

/** A part of the page. */
export interface Section {
  /** Of its element. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
  /** What to see in it; may be empty. */
  readonly lead: string;
  /** HTML. */
  readonly content: string;
}

/**
 * Write all that a page says of a run. Sections without content are left out.
 *
 * @param prefix Of every id, where a page has several runs.
 */
export function runSections(
  results: Results,
  strips: readonly EmbeddedStrip[],
  collector: PlotCollector,
  prefix = "",
): Section[] {
  const sections: Section[] = [
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
    {
      id: "outliers",
      title: "Image by image",
      lead: "Which test crops gain and lose the most against the main control: a mean can hide a few of them.",
      content: outlierSection(results, collector, stripIds(strips, prefix)),
    },
    { id: "spectra", title: "Power spectra", lead: "", content: spectraSection(results, collector) },
    {
      id: "strips",
      title: "Images",
      lead: "Test crops of the first seed, each arm from the same noise.",
      content: stripSection(strips, prefix, results.points.find(({ id }) => id === "sobolev-asdpo")?.label),
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
  return sections.filter(({ content }) => content !== "").map((section) => ({ ...section, id: prefix + section.id }));
}

/** Write sections one below the other. */
export function sectionsHtml(sections: readonly Section[]): string {
  return sections.map(({ id, title, lead, content }) =>
    `<section id="${escapeMarkup(id)}"><h2>${escapeMarkup(title)}</h2>${
      lead ? `<p class="lead">${escapeMarkup(lead)}</p>` : ""
    }${content}</section>`
  ).join("\n");
}

/** Write the head of a run: title, claim and the facts that bound every number of it. */
export function runHeader(results: Results, level: "h1" | "h2" = "h1"): string {
  const { title, seeds, preset, testIds, environment } = results;
  const chips = [["preset", preset], ["seeds", String(seeds.length)], ["test crops", String(testIds.length)], [
    "engine",
    environment.engine,
  ], ["commit", environment.commit.slice(0, 10)]].map(([name, value]) =>
    `<li>${name} <b>${escapeMarkup(value)}</b></li>`
  );
  return `<header><${level}>${escapeMarkup(title)}</${level}><p class="claim">${escapeMarkup(claimText(results))}</p>
<ul class="chips">${chips.join("")}</ul></header>`;
}
