import type { FigureSpec } from "../figure.ts";
import { escapeMarkup } from "../markup.ts";
import { plotlyFigure } from "../plotly/figure.ts";
import type { PlotlyFigure } from "../plotly/types.ts";
import { figureSvg } from "../svg/figure_svg.ts";

/** Collects the plots of a page while its sections are written. */
export interface PlotCollector {
  /** What the page's script draws, by the number in `data-plot`. */
  readonly plots: PlotlyFigure[];
  /** Write the place of a figure: interactive, or drawn where scripts do not run. */
  readonly place: (spec: FigureSpec) => string;
}

/** Start collecting the plots of a page. */
export function plotCollector(): PlotCollector {
  const plots: PlotlyFigure[] = [];
  return {
    plots,
    place(spec) {
      const { height = 440, caption } = spec;
      const number = plots.push(plotlyFigure(spec)) - 1;
      return `<figure class="plot"><div data-plot="${number}" style="min-height:${height}px"></div>` +
        `<noscript>${figureSvg(spec)}</noscript>` +
        (caption ? `<figcaption>${escapeMarkup(caption)}</figcaption>` : "") + "</figure>";
    },
  };
}
