import { encodePng } from "../../image/mod.ts";
import type { FigureSpec } from "../figure_spec.ts";
import { plotlyFigure } from "../plotly/figure.ts";
import { figureRaster } from "../svg/figure_raster.ts";
import { summarise } from "../summary.ts";
import type { MediaBundle } from "./displayable.ts";

/**
 * Show a figure in every way that a notebook page may accept: Plotly where scripts are trusted, a PNG where they are
 * not, a line of text in a terminal.
 */
export async function displayFigure(spec: FigureSpec): Promise<MediaBundle> {
  const png = await encodePng(await figureRaster(spec));
  return {
    "application/vnd.plotly.v1+json": plotlyFigure(spec),
    "image/png": png.toBase64(),
    "text/plain": summarise(spec),
  };
}
