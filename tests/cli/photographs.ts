import { join } from "node:path";
import sharp from "sharp";
import { proceduralImage } from "../../lib/dataset/mod.ts";
import { encodePng } from "../../lib/image/mod.ts";

/** A procedural image as PNG; every index gives another. Crops of a smoke run have 32 pixels. */
export function pictureFile(index: number, side = 48): Promise<Uint8Array> {
  return encodePng(proceduralImage(17, index, { width: side, height: side }));
}

/** Writes procedural images: `00.png`, `01.png`, ... */
export async function writePictures(folder: string, count: number, from = 0): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    await Deno.writeFile(join(folder, `${String(i).padStart(2, "0")}.png`), await pictureFile(from + i));
  }
}

/** Writes images that are converted when they are read: gray, with alpha, with 16 bits a sample. */
export async function writeOddPictures(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const odd = {
    "gray.png": sharp(await pictureFile(50)).toColourspace("b-w"),
    "alpha.png": sharp(await pictureFile(51)).ensureAlpha(0.5),
    "deep.png": sharp(await pictureFile(52)).toColourspace("rgb16"),
  };
  for (const [name, image] of Object.entries(odd)) await image.png().toFile(join(folder, name));
}
