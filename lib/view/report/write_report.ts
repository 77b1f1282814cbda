import { join } from "node:path";
import { containedPath, readBytes, writeAtomic } from "../../core/mod.ts";
import type { Results, StripFile } from "../../experiment/mod.ts";
import type { FigureSpec } from "../figure_spec.ts";
import { saveFigure } from "../svg/figure_raster.ts";
import { type CombinedReport, combinedReportHtml } from "./combined_html.ts";
import { plotCollector } from "./plots.ts";
import { reportHtml } from "./report_html.ts";
import type { EmbeddedStrip } from "./strip_section.ts";

/**
 * Write `report.html` of a finished run beside its results, whole or not at all, and every figure of it as PNG and SVG in
 * `figures`.
 *
 * @param folder The folder of `results.json`, which the paths of the strips start from and may not leave: results may be
 * another person's.
 * @returns The path of the page.
 * @throws {InputOutputError} If a strip cannot be read or the page cannot be written.
 * @throws {UsageError} If a strip lies elsewhere.
 */
export async function writeReport(results: Results, folder: string): Promise<string> {
  const collector = plotCollector(), html = reportHtml(results, await readStrips(results.strips, folder), collector);
  return await write(html, folder, collector.figures);
}

/**
 * Write one page of several experiments as `report.html`, and every figure of it as PNG and SVG in `figures`.
 *
 * @param folder Where they go.
 * @returns The path of the page.
 * @throws {InputOutputError} If a file cannot be written.
 */
export async function writeCombinedReport(report: CombinedReport, folder: string): Promise<string> {
  const collector = plotCollector(), html = combinedReportHtml(report, collector);
  return await write(html, folder, collector.figures);
}

/**
 * Read the strips of a run, or the pictures of a measurement.
 *
 * @param folder As for {@link writeReport}.
 * @throws {InputOutputError} If one cannot be read.
 * @throws {UsageError} If one lies elsewhere.
 */
export async function readStrips(strips: readonly StripFile[], folder: string): Promise<EmbeddedStrip[]> {
  return await Promise.all(
    strips.map(async ({ title, file, panes }) => ({
      title,
      png: await readBytes(await containedPath(folder, file)),
      ...panes ? { panes } : {},
    })),
  );
}

async function write(html: string, folder: string, figures: readonly FigureSpec[]): Promise<string> {
  for (const [i, figure] of figures.entries()) {
    const number = String(i + 1).padStart(String(figures.length).length, "0");
    const stem = join(folder, "figures", `${number}-${slug(figure.title)}`);
    for (const ending of ["png", "svg"]) await saveFigure(`${stem}.${ending}`, figure);
  }
  const path = join(folder, "report.html");
  await writeAtomic(path, html);
  return path;
}

/** A title as part of a file's name. */
function slug(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "").slice(0, 60);
}
