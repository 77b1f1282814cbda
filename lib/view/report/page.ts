import { escapeMarkup, scriptJson } from "../markup.ts";
import { plotlySource } from "./plotly_source.ts";
import type { PlotCollector } from "./plots.ts";
import { reportScript } from "./script.ts";
import { reportStyle } from "./style.ts";

/** What a page holds. */
export interface Page {
  /** Of the window. */
  readonly title: string;
  /** Places that the list at the left leads to. */
  readonly places: readonly { readonly id: string; readonly title: string }[];
  /** HTML of its content. */
  readonly body: string;
  /** Last line. */
  readonly footer: string;
  /** What was plotted while the content was written. */
  readonly collector: PlotCollector;
}

/**
 * Write a page that needs no network: its style, its script and the plotting library stand in it, and its security policy
 * allows no connection at all.
 */
export function pageHtml({ title, places, body, footer, collector }: Page): string {
  const links = places.map(({ id, title }) => `<a href="#${escapeMarkup(id)}">${escapeMarkup(title)}</a>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>${escapeMarkup(title)}</title><style>${reportStyle}</style>
<noscript><style>[data-plot], .legend, .slider { display: none; }</style></noscript></head>
<body><div class="layout">
<nav aria-label="Sections"><strong>ASASR</strong>${links.join("")}</nav>
<main>${body}
<footer>${escapeMarkup(footer)} This page works offline.</footer>
</main></div>
<script type="application/json" id="plots">${scriptJson(collector.plots)}</script>
<script>${plotlySource()}</script>
<script>${reportScript}</script>
</body></html>
`;
}
