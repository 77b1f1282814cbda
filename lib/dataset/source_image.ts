import { sha256Hex } from "../core/mod.ts";
import { type Raster, type RasterSize, toBytes } from "../image/mod.ts";
import { PROCEDURAL_SIZE, proceduralImage } from "./procedural/procedural_image.ts";

/** An image that pairs are made from; its pixels are read when they are needed, so a set may exceed the memory. */
export interface SourceImage extends RasterSize {
  /** Folder and file, such as `kodak/01.png`: stable, whatever machine it lies on. */
  readonly id: string;
  /** SHA-256 of the content, in hexadecimal: decides the split and, with a seed, the crops. */
  readonly hash: string;
  /** What is converted when it is read, such as "gray converted to RGB". */
  readonly notes: readonly string[];
  /** Read the pixels. */
  read(): Promise<Raster>;
}

/** Which procedural images. */
export interface ProceduralOptions {
  /** How many. */
  readonly count: number;
  /** Index of the first; training and test images of one seed take different ones. 0 by default. */
  readonly from?: number;
  /** Sides; 320 x 320 by default. */
  readonly size?: RasterSize;
}

/**
 * List procedural images; each is made when it is read.
 *
 * @param seed Of the set.
 * @param options How many and which.
 * @returns Images in the order of their indices.
 */
export function proceduralImages(
  seed: number,
  { count, from = 0, size = PROCEDURAL_SIZE }: ProceduralOptions,
): SourceImage[] {
  return Array.from({ length: count }, (_, i) => {
    const index = from + i;
    const id = `procedural-${seed}/${String(index).padStart(4, "0")}`;
    const hash = sha256Hex(`${id} ${size.width} x ${size.height}`);
    return { ...size, id, hash, notes: [], read: () => Promise.resolve(proceduralImage(seed, index, size)) };
  });
}

/**
 * Wrap an image that is already in memory.
 *
 * @param id Its name.
 * @param raster RGB image in [0, 1].
 * @returns A source whose hash is that of the pixels in 8 bits.
 */
export function memoryImage(id: string, raster: Raster): SourceImage {
  const { width, height } = raster;
  const hash = sha256Hex(new Uint8Array(toBytes(raster)));
  return { width, height, id, hash, notes: [], read: () => Promise.resolve(raster) };
}
