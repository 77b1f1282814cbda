import sharp from "sharp";
import type { RasterSize } from "./raster.ts";

/** Read the sides of an image from the head of its file; null where they cannot be read. */
export async function imageSize(path: string): Promise<RasterSize | null> {
  try {
    const { autoOrient: { width, height } } = await sharp(path).metadata();
    return { width, height };
  } catch {
    return null; // whoever decodes the file says what is wrong with it
  }
}
