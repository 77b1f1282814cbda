import { relative } from "node:path";
import { DataError } from "../../core/mod.ts";
import { type RasterSize, type ReadImage, readImage } from "../../image/mod.ts";
import { listImages } from "../folders.ts";
import { recogniseSet, setLayouts, type SetName } from "./layouts.ts";

/** A truth, a low-resolution image, or both, as files of a data set. */
export interface SetEntry {
  /** Split and key, such as `test/Canon_001`. */
  readonly id: string;
  /** Split of the set. */
  readonly split: string;
  /** File of the truth, or null. */
  readonly hr: string | null;
  /** File of the low-resolution image, or null. */
  readonly lr: string | null;
}

/** A data set whose files are found and paired by name; no pixel is read yet. */
export interface ImageSet {
  /** Which set it is. */
  readonly name: SetName;
  /** Its folder. */
  readonly folder: string;
  /** In the order of their ids. */
  readonly entries: readonly SetEntry[];
  /** Images in the folder that are no part of the set. */
  readonly others: readonly string[];
}

/**
 * Find the images of a data set and pair them by name.
 *
 * @param folder Where it lies; the layout inside is the publisher's.
 * @param name Which set; recognised by the layout where it is not given.
 * @returns The set.
 * @throws {DataError} If the folder holds no image, none of the set, or two files for one place.
 */
export async function openSet(folder: string, name?: SetName): Promise<ImageSet> {
  const files = (await listImages([folder])).map(({ path }) => ({
    path,
    inside: relative(folder, path).replaceAll("\\", "/"),
  }));
  const chosen = name ?? recogniseSet(files.map(({ inside }) => inside));
  const entries = new Map<string, SetEntry>();
  const others: string[] = [];
  for (const { path, inside } of files) {
    const place = setLayouts[chosen].place(inside);
    if (place === null) {
      others.push(path);
      continue;
    }
    const id = `${place.split}/${place.key}`;
    const entry = entries.get(id) ?? { id, split: place.split, hr: null, lr: null };
    if (entry[place.role] !== null) {
      throw new DataError(
        `Cannot pair ${folder} as ${id} must have one ${place.role} file: current value is ${
          entry[place.role]
        }, ${path}`,
      );
    }
    entries.set(id, { ...entry, [place.role]: path });
  }
  if (entries.size === 0) {
    throw new DataError(
      `Cannot open ${folder} as ${setLayouts[chosen].title} as its files must be named so: current value is ${
        files[0].inside
      }`,
    );
  }
  const sorted = [...entries.values()].sort((a, b) => a.id < b.id ? -1 : 1);
  return { name: chosen, folder, entries: sorted, others };
}

/**
 * Read the images of an entry and check the ratio of their sides.
 *
 * @param set Where it is from.
 * @param entry One of the set.
 * @returns What there is, in [0, 1].
 * @throws {DataError} If a file cannot be decoded or the ratio is another one; for RealSR with both of a size, that it is
 *   V1 or V2.
 */
export async function readEntry(
  set: ImageSet,
  entry: SetEntry,
): Promise<{ readonly hr: ReadImage | null; readonly lr: ReadImage | null }> {
  const hr = entry.hr === null ? null : await readImage(entry.hr);
  const lr = entry.lr === null ? null : await readImage(entry.lr);
  if (hr && lr) checkRatio(set.name, entry.id, hr.image, lr.image);
  return { hr, lr };
}

/**
 * Check that a truth has four times the sides of its low-resolution image, or what its set has instead.
 *
 * @param name Of the set.
 * @param id Of the pair.
 * @param hr Sides of the truth.
 * @param lr Sides of the low-resolution image.
 * @throws {DataError} If it has not.
 */
export function checkRatio(name: SetName, id: string, hr: RasterSize, lr: RasterSize): void {
  const { ratio } = setLayouts[name];
  if (hr.width === ratio * lr.width && hr.height === ratio * lr.height) return;
  const sides = `${lr.width} x ${lr.height} for ${hr.width} x ${hr.height}`;
  if (name === "realsr" && hr.width === lr.width && hr.height === lr.height) {
    throw new DataError(
      `Cannot use RealSR V1 or V2 as their LR images have the size of HR, enlarged by their makers; ` +
        `V3, whose LR is a quarter, is needed: current value of ${id} is ${sides}`,
    );
  }
  const wanted = ratio === 1 ? "the sides of LR" : "four times the sides of LR";
  throw new DataError(`Cannot pair ${id} as HR must have ${wanted}: current value is ${sides}`);
}
