import { writeAtomic } from "../../core/mod.ts";
import { type Raster, rasteriseSvg, writePng } from "../../image/mod.ts";
import type { FigureSpec } from "../figure_spec.ts";
import { figureSvg } from "./figure_svg.ts";

/**
 * Draw a figure as pixels. The same figure gives the same pixels on every machine, with or without fonts.
 *
 * @param options `scale`: pixels per unit of the figure's size, 1 by default.
 */
export async function figureRaster(spec: FigureSpec, { scale = 1 }: { readonly scale?: number } = {}): Promise<Raster> {
  return await rasteriseSvg(figureSvg(spec, "strokes"), scale);
}

/**
 * Write a figure as a file: PNG at twice its size, or SVG where the path ends in `.svg`.
 *
 * @throws {InputOutputError} If the file cannot be written.
 */
export async function saveFigure(path: string, spec: FigureSpec): Promise<void> {
  if (path.endsWith(".svg")) await writeAtomic(path, figureSvg(spec));
  else await writePng(path, await figureRaster(spec, { scale: 2 }));
}
