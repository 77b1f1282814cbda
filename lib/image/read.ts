import type { Metadata } from "sharp";
import { DataError } from "../core/mod.ts";
import { decodeChecked, unitSamples } from "./decode_checked.ts";
import { createRaster, type Raster } from "./raster.ts";
import { readImageBytes } from "./read_bytes.ts";

/** An image and what had to be converted to read it. */
export interface ReadImage {
  /** RGB, three channels. */
  readonly image: Raster;
  /** One short text per conversion, such as "gray converted to RGB"; empty for plain 8-bit RGB. */
  readonly notes: readonly string[];
}

/** Options of {@link readImage} and {@link decodeImage}. */
export interface ReadOptions {
  /** Most pixels an image may have; the default, 64 million, keeps a hostile file from filling the memory. */
  readonly maxPixels?: number;
}

/**
 * Read an image file (PNG, JPEG, WebP or TIFF, by content) as sRGB.
 *
 * Gray becomes RGB, alpha is dropped (not composited), samples of 16 bits keep their precision, the EXIF orientation is
 * applied and an embedded colour profile converted to sRGB; each is noted.
 *
 * @param path File.
 * @param options Limit of the size.
 * @returns The image and its notes.
 * @throws {DataError} If it is not a file, not an image, incomplete or too large; the message names it.
 * @throws {InputOutputError} If the file is missing or cannot be read.
 */
export async function readImage(path: string, options: ReadOptions = {}): Promise<ReadImage> {
  return await decodeImage(await readImageBytes(path), path, options);
}

/**
 * Decode the bytes of an image file, as {@link readImage}.
 *
 * @param bytes The whole file.
 * @param name What messages call it.
 * @param options Limit of the size.
 * @returns The image and its notes.
 * @throws {DataError} If the bytes are not an image, incomplete or too large.
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  { maxPixels }: ReadOptions = {},
): Promise<ReadImage> {
  return await decodeChecked(bytes, name, { maxPixels }, async (source, about) => {
    const deep = about.depth === "ushort";
    const { data, info } = await source.autoOrient().removeAlpha().toColourspace(deep ? "rgb16" : "srgb")
      .raw(deep ? { depth: "ushort" } : {}).toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) {
      throw new DataError(`Cannot read ${name} as it must decode to 3 channels: current value is ${info.channels}`);
    }
    return { image: createRaster(info, 3, unitSamples(data, deep)), notes: conversions(about) };
  });
}

/** List what reading a file as 8-bit or 16-bit RGB changes. */
export function conversions(about: Metadata): string[] {
  const notes: string[] = [];
  if (about.space === "b-w" || about.space === "grey16") notes.push("gray converted to RGB");
  if (about.space === "cmyk") notes.push("CMYK converted to RGB");
  if (about.isPalette) notes.push("palette expanded to RGB");
  if (about.hasAlpha) notes.push("alpha dropped");
  if (about.depth === "ushort") notes.push("16-bit samples read without rounding");
  if ((about.orientation ?? 1) !== 1) notes.push(`EXIF orientation ${about.orientation} applied`);
  if (about.icc !== undefined && !namesSrgb(about.icc)) notes.push("colour profile converted to sRGB");
  if ((about.pages ?? 1) > 1) notes.push(`first of ${about.pages} pages used`);
  return notes;
}

/** Whether a colour profile calls itself sRGB (its texts are ASCII or UTF-16). */
function namesSrgb(profile: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(profile).replaceAll("\0", "").includes("sRGB");
}
