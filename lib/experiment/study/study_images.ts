import { containedPath, DataError, rng, sha256File } from "../../core/mod.ts";
import { imageSize } from "../../image/mod.ts";
import { type ImageFolder, openFolder } from "../evaluation/sources.ts";

/** A method of a user study and its folder of results. */
export interface StudyMethod {
  /** Never sent to a browser. */
  readonly name: string;
  /** Results, paired by name with the low-quality images. */
  readonly path: string;
}

/** One image of a user study. */
export interface StudyImage {
  /** Name inside the folders, without ending. */
  readonly name: string;
  /** File of the low-quality image. */
  readonly low: string;
  /** File of every method's result, in the order of the methods. */
  readonly results: readonly string[];
}

/**
 * List the images that a study asks about: those of the low-quality folder, of which every method must have one of the same
 * size.
 *
 * @param options.count Draw so many of them at random; by default all are asked about.
 * @param options.seed Of that draw.
 * @throws {DataError} If a method lacks an image, its size would give it away, or fewer than `count` exist.
 * @throws {UsageError} If a file lies outside its folder once links are followed.
 */
export async function studyImages(
  methods: readonly StudyMethod[],
  low: string,
  { count, seed = 0 }: { readonly count?: number; readonly seed?: number } = {},
): Promise<StudyImage[]> {
  const lows = await openFolder(low);
  const folders = await Promise.all(methods.map(({ path }) => openFolder(path)));
  const names = [...lows.files.keys()].sort();
  if (count !== undefined && count > names.length) {
    throw new DataError(`Cannot draw ${count} images as ${low} must hold so many: current value is ${names.length}`);
  }
  const chosen = count === undefined ? names : rng(seed, "study images").shuffle(names).slice(0, count).sort();
  const images: StudyImage[] = [];
  for (const name of chosen) {
    const results = await Promise.all(folders.map((folder, m) => fileOf(folder, methods[m].path, name)));
    await checkSizes(name, results);
    images.push({ name, low: await fileOf(lows, low, name), results });
  }
  return images;
}

/** Hash what a study asks about: methods, names and the content of every file. */
export async function hashesOf(images: readonly StudyImage[]): Promise<Record<string, string[]>> {
  const hashes: Record<string, string[]> = {};
  for (const { name, low, results } of images) hashes[name] = await Promise.all([low, ...results].map(sha256File));
  return hashes;
}

async function fileOf(folder: ImageFolder, root: string, name: string): Promise<string> {
  const file = folder.files.get(name);
  if (file === undefined) {
    throw new DataError(`Cannot ask about ${name} as every folder must have it: current folder ${root} has not`);
  }
  return await containedPath(root, await Deno.realPath(file));
}

async function checkSizes(name: string, files: readonly string[]): Promise<void> {
  const sides = (await Promise.all(files.map(imageSize))).map((size) =>
    size === null ? "not an image" : `${size.width} x ${size.height}`
  );
  const wrong = sides.findIndex((side) => side !== sides[0] || side === "not an image");
  if (wrong < 0) return;
  throw new DataError(
    `Cannot ask about ${name} as all results must be images of one size, which would else give a method away: current ` +
      `values are ${sides[0]} (${files[0]}) and ${sides[wrong]} (${files[wrong]})`,
  );
}
