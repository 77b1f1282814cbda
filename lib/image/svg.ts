import sharp from "sharp";
import { fromBytes } from "./quantise.ts";
import type { Raster } from "./raster.ts";

/**
 * Draw an SVG document of this project's own on white, however long it is (one that holds images is). The same document gives the same pixels, as long as it draws its letters as paths (see
 * {@link letteringSvg}): fonts differ between machines.
 *
 * @param svg The document, with its width and height.
 * @param scale Pixels per unit.
 * @returns RGB image.
 */
export async function rasteriseSvg(svg: string, scale = 1): Promise<Raster> {
  const { data, info } = await sharp(new TextEncoder().encode(svg), { density: 72 * scale, unlimited: true })
    .flatten({ background: "white" }).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  return fromBytes(data, info);
}
