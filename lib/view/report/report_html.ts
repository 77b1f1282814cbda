import type { Results } from "../../experiment/mod.ts";
import { pageHtml } from "./page.ts";
import { type PlotCollector, plotCollector } from "./plots.ts";
import { runHeader, runSections, sectionsHtml } from "./run_sections.ts";
import type { EmbeddedStrip } from "./strip_section.ts";

/**
 * Write a finished run as one page that needs no network: tables, interactive plots (drawn as SVG where scripts do not
 * run), images, and all that is needed to repeat it.
 *
 * @param collector Collects the figures of the page, for whom needs them too.
 */
export function reportHtml(
  results: Results,
  strips: readonly EmbeddedStrip[] = [],
  collector: PlotCollector = plotCollector(),
): string {
  const sections = runSections(results, strips, collector);
  return pageHtml({
    title: results.title,
    places: sections,
    body: `${runHeader(results)}\n${sectionsHtml(sections)}`,
    footer: `${results.experiment}, settings ${results.settingsHash.slice(0, 16)}.`,
    collector,
  });
}
