import { join } from "node:path";
import { DataError } from "../core/mod.ts";
import { type PairSet, signedPixels } from "../dataset/mod.ts";
import { readImage, tensorToRasters, writePng } from "../image/mod.ts";
import { checkOutputs, lowResolution, SCALE } from "../restorers/mod.ts";
import type { ArtifactSet, ArtifactSource } from "./artifacts.ts";

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
 * names, in any image format, in folders inside or not. Images without a file are left out.
 *
 * @param folder Outputs.
 * @param options.name What the source is called; the folder by default.
 * @param options.suffixes What the restorer adds to names, as `publishedSystems` lists it.
 * @throws {DataError} (by the source) If the folder has none of the images, or files cannot be read or have another size;
 *   all of them are listed.
 */
export function folderOutputs(
  folder: string,
  { name = folder, suffixes = [] }: { readonly name?: string; readonly suffixes?: readonly string[] } = {},
): ArtifactSource {
  return async (pairs, images): Promise<ArtifactSet> => {
    const names = stems(pairs, images), side = pairs.size / SCALE;
    const inputs = [...names.values()].map((name) => ({ name, width: side, height: side }));
    const { files, faults } = await checkOutputs(folder, inputs, suffixes);
    if (faults.length > 0) {
      throw new DataError(`Cannot use ${faults.length} outputs in ${folder}: ${faults.join("; ")}`);
    }
    const found = images.filter((image) => files.has(names.get(image)!));
    if (found.length === 0) {
      throw new DataError(
        `Cannot use outputs in ${folder} as at least one must be named as a training image: current value is 0`,
      );
    }
    const values = pairs.size ** 2 * 3;
    const pixels = new Float32Array(found.length * values);
    for (const [row, image] of found.entries()) {
      pixels.set(signedPixels((await readImage(files.get(names.get(image)!)!)).image), row * values);
    }
    return { name, images: found, size: pairs.size, pixels };
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
