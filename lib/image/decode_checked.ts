import sharp, { type Metadata, type Sharp } from "sharp";
import { DataError } from "../core/mod.ts";
import { imageFormat } from "./format.ts";

/** How much an image may hold, and whether its colours are converted. */
export interface DecodeLimits {
  /** Most pixels; 64 million by default. */
  readonly maxPixels?: number;
  /** Leave the values as they are in the colour space of an embedded profile. Default false. */
  readonly ignoreProfile?: boolean;
}

const MAX_PIXELS = 64e6;

/**
 * Decode an image file of a known format that is whole; everything that is wrong with it becomes one error.
 *
 * @param bytes The file.
 * @param name What messages call it.
 * @param decode Does the work.
 * @throws {DataError} If the bytes are not an image of 8 or 16 bits, incomplete or too large.
 */
export async function decodeChecked<T>(
  bytes: Uint8Array,
  name: string,
  { maxPixels = MAX_PIXELS, ignoreProfile = false }: DecodeLimits,
  decode: (source: Sharp, about: Metadata) => Promise<T>,
): Promise<T> {
  if (imageFormat(bytes) === null) {
    const head = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const found = bytes.length === 0 ? "an empty file" : `${bytes.length} bytes that start with ${head}`;
    throw new DataError(`Cannot read ${name} as an image must be PNG, JPEG, WebP or TIFF: current value is ${found}`);
  }
  try {
    const source = sharp(bytes, { limitInputPixels: maxPixels, failOn: "warning", ignoreIcc: ignoreProfile });
    const about = await source.metadata(), depth = about.depth ?? "uchar";
    if (depth !== "uchar" && depth !== "ushort") {
      throw new DataError(
        `Cannot read ${name} as samples must be whole numbers of 8 or 16 bits: current value is ${depth}`,
      );
    }
    return await decode(source, about);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const line = reason.trim().replaceAll(/\s*\n\s*/g, ", ");
    throw new DataError(`Cannot read ${name} as its data must be complete and valid: current value is "${line}"`);
  }
}

/**
 * Scale samples of 8 or 16 bits to [0, 1].
 *
 * @param data As decoded, 16-bit samples in two bytes.
 * @param deep Whether they have 16 bits.
 */
export function unitSamples(data: Uint8Array, deep: boolean): Float32Array {
  const samples = deep ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  const unit = new Float32Array(samples.length), largest = deep ? 65535 : 255;
  for (let i = 0; i < unit.length; i++) unit[i] = samples[i] / largest;
  return unit;
}
