import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { DataError } from "../core/mod.ts";
import { decodeChecked, unitSamples } from "./decode_checked.ts";
import { insertChunks, type PngChunk, textChunk } from "./png_chunks.ts";
import { toBytes } from "./quantise.ts";
import { createRaster, type Raster } from "./raster.ts";
import { conversions } from "./read.ts";

/** An image with all that its file says of it and a file made of it should keep. */
export interface Photograph {
  /** Gray or RGB, as in the file; values in the colour space of the profile, sRGB where there is none. */
  readonly image: Raster;
  /** Opacity, of the same size; null where the file has none. */
  readonly alpha: Raster | null;
  /** Bits of a sample. */
  readonly bits: 8 | 16;
  /** ICC profile, or null. */
  readonly profile: Uint8Array | null;
  /** One short text for everything that is not kept as it was. */
  readonly notes: readonly string[];
}

/**
 * Decode an image file as it is: gray stays gray, alpha and 16 bits are kept, values are not converted between colour
 * spaces. The EXIF orientation is applied; CMYK becomes sRGB, a palette RGB, and of several pages the first is taken.
 *
 * @param bytes The whole file.
 * @param name What messages call it.
 * @throws {DataError} If the bytes are not an image of 8 or 16 bits, incomplete or too large.
 */
export async function decodePhotograph(bytes: Uint8Array, name: string): Promise<Photograph> {
  const inks = await decodeChecked(bytes, name, {}, (_, { space }) => Promise.resolve(space === "cmyk"));
  return await decodeChecked(bytes, name, { ignoreProfile: !inks }, async (source, about) => {
    const deep = about.depth === "ushort", gray = about.space === "b-w" || about.space === "grey16";
    // Also where it is gray, since a gray pixel would lose its alpha: the first channel is then taken.
    const { data, info } = await source.autoOrient().toColourspace(deep ? "rgb16" : "srgb")
      .raw(deep ? { depth: "ushort" } : {}).toBuffer({ resolveWithObject: true });
    const channels = gray ? 1 : 3, found = info.channels as number;
    if (found !== 3 && found !== 4) {
      throw new DataError(`Cannot read ${name} as it must decode to 3 or 4 channels: current value is ${found}`);
    }
    const samples = unitSamples(data, deep), profile = about.icc ?? null;
    const fits = profile !== null && !inks && profileChannels(profile) === channels;
    const notes = conversions(about).filter((note) => CONVERTED.test(note));
    return {
      image: createRaster(info, channels, planes(samples, found, 0, channels)),
      alpha: found === 3 ? null : createRaster(info, 1, planes(samples, found, 3, 1)),
      bits: deep ? 16 : 8,
      profile: fits ? profile : null,
      notes: profile === null || fits || inks ? notes : [...notes, "colour profile of another kind dropped"],
    };
  });
}

/**
 * Encode an image as PNG with all that it has. The same image gives the same bytes.
 *
 * @param photograph Image and alpha in [0, 1]; values outside are clamped.
 * @param texts Texts to store, by keyword.
 */
export async function encodePhotograph(
  { image, alpha, bits, profile }: Photograph,
  texts: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const { width, height, channels } = image;
  const joined = alpha === null ? image.data : interleave(image, alpha);
  const raw = { width, height, channels: channels + (alpha === null ? 0 : 1) as 1 | 2 | 3 | 4 };
  const samples = bits === 8
    ? toBytes({ data: joined })
    : Uint16Array.from(joined, (value) => Math.round(Math.min(Math.max(value, 0), 1) * 65535));
  const space = channels === 1 ? (bits === 8 ? "b-w" : "grey16") : bits === 8 ? "srgb" : "rgb16";
  const png = await sharp(samples, { raw }).toColourspace(space).png({ compressionLevel: 9, palette: false })
    .toBuffer();
  const chunks: PngChunk[] = Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text));
  if (profile !== null) chunks.push(profileChunk(profile));
  return insertChunks(png, chunks);
}

/** Conversions of {@linkcode conversions} that are made here too. */
const CONVERTED = /^(CMYK|palette|EXIF|first of)/;

/** What an ICC profile is for, by the colour space in its header. */
function profileChannels(profile: Uint8Array): 1 | 3 | null {
  const space = new TextDecoder("latin1").decode(profile.subarray(16, 20));
  return space === "RGB " ? 3 : space === "GRAY" ? 1 : null;
}

function profileChunk(profile: Uint8Array): PngChunk {
  const packed = deflateSync(profile), name = new TextEncoder().encode("ICC profile\0\0"); // its name, method 0
  const data = new Uint8Array(name.length + packed.length);
  data.set(name);
  data.set(packed, name.length);
  return { type: "iCCP", data };
}

/** Some of interleaved channels. */
function planes(samples: Float32Array, stride: number, first: number, count: number): Float32Array {
  if (stride === count) return samples;
  const taken = new Float32Array(samples.length / stride * count);
  for (let from = first, to = 0; to < taken.length; from += stride) {
    for (let c = 0; c < count; c++) taken[to++] = samples[from + c];
  }
  return taken;
}

function interleave({ data, channels }: Raster, alpha: Raster): Float32Array {
  const joined = new Float32Array(data.length + alpha.data.length);
  for (let i = 0, from = 0, to = 0; i < alpha.data.length; i++) {
    for (let c = 0; c < channels; c++) joined[to++] = data[from++];
    joined[to++] = alpha.data[i];
  }
  return joined;
}
