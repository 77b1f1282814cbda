import sharp, { type Sharp } from "sharp";
import { writeAtomic } from "../core/mod.ts";
import { toBytes } from "./quantise.ts";
import type { Raster } from "./raster.ts";

/**
 * Encode an image as PNG with 8 bits a sample; the same image gives the same bytes.
 *
 * @param r Image in [0, 1]; a gray image gives a gray file.
 * @returns The file.
 */
export async function encodePng(r: Raster): Promise<Uint8Array> {
  return new Uint8Array(await pixels(r).png({ compressionLevel: 9, palette: false }).toBuffer());
}

/**
 * Write an image as PNG with 8 bits a sample, whole or not at all.
 *
 * @param path File; its folder exists.
 * @param r Image in [0, 1].
 * @throws {InputOutputError} If the file cannot be written.
 */
export async function writePng(path: string, r: Raster): Promise<void> {
  await writeAtomic(path, await encodePng(r));
}

/** Options of {@link encodeJpeg}. */
export interface JpegOptions {
  /** Quality of libjpeg, a whole number from 1 to 100. */
  readonly quality: number;
  /** Resolution of the chroma planes: all of it, or half in both directions. */
  readonly chroma?: "4:4:4" | "4:2:0";
}

/**
 * Encode an image as JPEG by libjpeg with its standard tables: no trellis, no smoothing. {@link decodeImage} reads it.
 *
 * @param r Image in [0, 1].
 * @param options Quality and chroma resolution; `4:2:0` by default, as libjpeg.
 * @returns The file.
 * @throws {RangeError} If the quality is out of range.
 */
export async function encodeJpeg(r: Raster, { quality, chroma = "4:2:0" }: JpegOptions): Promise<Uint8Array> {
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw new RangeError(
      `Cannot encode JPEG as the quality must be a whole number in [1, 100]: current value is ${quality}`,
    );
  }
  return new Uint8Array(await pixels(r).jpeg({ quality, chromaSubsampling: chroma, mozjpeg: false }).toBuffer());
}

function pixels(r: Raster): Sharp {
  const { width, height, channels } = r;
  return sharp(toBytes(r), { raw: { width, height, channels } }).toColourspace(channels === 1 ? "b-w" : "srgb");
}
