import { join } from "node:path";
import { DataError } from "../core/mod.ts";
import type { PairSet } from "../dataset/mod.ts";
import { type Raster, readImage, tensorToRasters, writePng } from "../image/mod.ts";
import { lowResolution } from "../restorers/mod.ts";
import type { ArtifactSet, ArtifactSource } from "./artifacts.ts";

/** Formats that a folder of outputs may hold. */
const EXTENSIONS = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

/**
 * Write the low-resolution images of a set as PNG files, for restorers that are not part of the project.
 *
 * @param folder Made where it is missing.
 * @param images Indices into the set.
 * @throws {InputOutputError} If a file cannot be written.
 */
export async function exportInputs(folder: string, pairs: PairSet, images: readonly number[]): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const names = stems(pairs, images);
  for (const image of images) {
    const x = lowResolution(pairs, [image]);
    const [raster] = tensorToRasters(x);
    x.dispose();
    await writePng(join(folder, `${names.get(image)}.png`), raster);
  }
}

/**
 * Take the files of a folder as artifacts: outputs of any restorer on what {@link exportInputs} wrote, under the same
 * names and in any image format. Images without a file are left out.
 *
 * @throws {DataError} (by the source) If the folder has none of the images, or files cannot be read or have another size;
 *   all of them are listed.
 */
export function folderOutputs(folder: string): ArtifactSource {
  return async (pairs, images): Promise<ArtifactSet> => {
    const files = await listFiles(folder);
    const found: { image: number; raster: Raster }[] = [];
    const bad: string[] = [];
    for (const [image, name] of stems(pairs, images)) {
      const file = files.get(name);
      if (file === undefined) continue;
      try {
        const { image: raster } = await readImage(join(folder, file));
        if (raster.width === pairs.size && raster.height === pairs.size) found.push({ image, raster });
        else bad.push(`${file} is ${raster.width} x ${raster.height}`);
      } catch (error) {
        bad.push(`${file}: ${error instanceof Error ? error.message : error}`);
      }
    }
    if (bad.length > 0) {
      throw new DataError(
        `Cannot use outputs in ${folder} as all must be ${pairs.size} x ${pairs.size}: ${bad.join("; ")}`,
      );
    }
    if (found.length === 0) {
      throw new DataError(
        `Cannot use outputs in ${folder} as at least one must be named as a training image: current value is 0`,
      );
    }
    const values = pairs.size ** 2 * 3;
    const pixels = new Float32Array(found.length * values);
    found.forEach(({ raster }, row) => pixels.set(raster.data.map((value) => 2 * value - 1), row * values));
    return { name: folder, images: found.map(({ image }) => image), size: pairs.size, pixels };
  };
}

/** File names without extension, by image: `kodak/01.png#2` becomes `kodak_01-2`. */
function stems(pairs: PairSet, images: readonly number[]): Map<number, string> {
  const names = images.map((image): [number, string] => {
    const id = pairs.ids[image].replace(/\.[A-Za-z]+(?=#|$)/, "").replace("#", "-");
    return [image, id.replaceAll(/[^\w.-]/g, "_")];
  });
  const seen = new Map<string, number>();
  for (const [image, name] of names) {
    const other = seen.get(name);
    if (other !== undefined) {
      throw new DataError(
        `Cannot name files as ${pairs.ids[other]} and ${pairs.ids[image]} must differ: both are ${name}`,
      );
    }
    seen.set(name, image);
  }
  return new Map(names);
}

async function listFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      const extension = EXTENSIONS.find((end) => name.toLowerCase().endsWith(end));
      if (isFile && extension !== undefined) files.set(name.slice(0, -extension.length), name);
    }
  } catch (error) {
    throw new DataError(`Cannot read folder of outputs ${folder}: ${error instanceof Error ? error.message : error}`);
  }
  return files;
}
