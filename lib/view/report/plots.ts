import type { FigureSpec, Mark } from "../figure_spec.ts";
import { escapeMarkup } from "../markup.ts";
import { markColour } from "../palette.ts";
import { plotlyFigure } from "../plotly/figure.ts";
import type { PlotlyFigure } from "../plotly/types.ts";
import { figureSvg } from "../svg/figure_svg.ts";
import { key } from "../svg/legend.ts";

/** Collects the plots of a page while its sections are written. */
export interface PlotCollector {
  /** What the page's script draws, by the number in `data-plot`. */
  readonly plots: PlotlyFigure[];
  /** The same figures as they were given. */
  readonly figures: FigureSpec[];
  /**
   * Write the places of figures that share one legend: interactive, or drawn as SVG where scripts do not run. Figures
   * that are undefined are left out; `lead` gives the first the whole width.
   */
  readonly gallery: (figures: readonly (FigureSpec | undefined)[], style?: "lead" | "columns") => string;
}

/** Start collecting the plots of a page. */
export function plotCollector(): PlotCollector {
  const plots: PlotlyFigure[] = [], figures: FigureSpec[] = [];
  const place = (spec: FigureSpec) => {
    const { title, caption, height = 440 } = spec;
    figures.push(spec);
    const number = plots.push(plotlyFigure(spec, { labelled: false })) - 1;
    return `<figure class="plot"><h4>${escapeMarkup(title)}</h4>` +
      `<div data-plot="${number}" style="min-height:${height}px"></div><noscript>${
        figureSvg({ ...spec, title: "" })
      }</noscript>` +
      (caption ? `<figcaption>${escapeMarkup(caption)}</figcaption>` : "") + "</figure>";
  };
  return {
    plots,
    figures,
    gallery(given, style = "columns") {
      const drawn = given.filter((figure) => figure !== undefined);
      if (drawn.length === 0) return "";
      return `<div class="gallery">${legend(drawn)}<div class="figures ${style}">${
        drawn.map(place).join("")
      }</div></div>`;
    },
  };
}

/** One button for every name in the figures; it hides and shows what has the name in all of them. */
function legend(figures: readonly FigureSpec[]): string {
  const named = new Map<string, { mark: Mark; colour: string }>();
  for (const { marks } of figures) {
    marks.forEach((mark, index) => {
      if (mark.unlisted || mark.label === "" || named.has(mark.label)) return;
      named.set(mark.label, { mark, colour: markColour(mark, index) });
    });
  }
  if (named.size < 2) return "";
  const buttons = [...named].map(([label, { mark, colour }]) =>
    `<button type="button" data-name="${escapeMarkup(label)}" aria-pressed="true"><svg width="22" height="14" ` +
    `aria-hidden="true">${key(mark, colour, 1, 7)}</svg>${escapeMarkup(label)}</button>`
  );
  return `<div class="legend">${buttons.join("")}</div>`;
}
