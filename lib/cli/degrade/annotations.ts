import { basename, join } from "node:path";
import { DataError, readBytes, readJson, writeAtomic, writeJson } from "../../core/mod.ts";
import {
  type CocoFile,
  type DegradedRecord,
  formatTextLabels,
  moveWords,
  parseTextLabels,
  scaleCoco,
  type TextFrame,
} from "../../dataset/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import type { Outcome } from "./pool.ts";
import { insideOf } from "./replay.ts";

/** What was read of a file of annotations. */
export interface Annotations<T> {
  /** The file. */
  readonly path: string;
  /** What it holds. */
  readonly content: T;
}

/**
 * Reads COCO's annotations.
 *
 * @throws {DataError} If the file is no annotation file of COCO.
 */
export async function readCoco(path: string): Promise<Annotations<CocoFile>> {
  const file = await readJson(path) as CocoFile | null;
  if (Array.isArray(file?.images) && Array.isArray(file.annotations)) return { path, content: file };
  throw new DataError(`Cannot read ${path} as it must hold COCO's images and annotations: current value is others`);
}

/**
 * Writes COCO's annotations for the resized images that were made, as `annotations.json`; its file names are those of the
 * results. Images of the file that are not in the folder are left out.
 *
 * @param onNote Told how many those are.
 * @returns Images that the annotations do not fit.
 */
export async function writeCoco(
  out: string,
  { path, content: file }: Annotations<CocoFile>,
  size: RasterSize,
  outcomes: readonly Outcome[],
  onNote: (text: string) => void,
): Promise<Outcome[]> {
  const byName = new Map(file.images.map((image) => [image.file_name, image]));
  const made = new Map<number, string>(), faults: Outcome[] = [];
  for (const { outcome, record, inside } of recordsOf(outcomes)) {
    const image = byName.get(inside) ?? byName.get(basename(inside));
    if (image === undefined) {
      faults.push({
        job: outcome.job,
        fault: `Cannot annotate ${inside} as ${path} must list it: current value is none`,
      });
    } else if (image.width !== record.sides.width || image.height !== record.sides.height) {
      faults.push({
        job: outcome.job,
        fault: `Cannot annotate ${inside} as it must be ${image.width} x ${image.height}, as ${path} says: ` +
          `current value is ${record.sides.width} x ${record.sides.height}`,
      });
    } else if (record.resize?.width !== size.width || record.resize.height !== size.height) {
      const { width, height } = record.resize ?? record.sides;
      faults.push({
        job: outcome.job,
        fault:
          `Cannot annotate ${inside} as its recipe must make it ${size.width} x ${size.height}, as --resize says: ` +
          `current value is ${width} x ${height}`,
      });
    } else made.set(image.id, `${record.name}.png`);
  }
  noteAbsent(path, file.images.map(({ id, file_name }) => made.has(id) ? null : file_name), onNote);
  const scaled = scaleCoco({
    ...file,
    images: file.images.filter(({ id }) => made.has(id)),
    annotations: file.annotations.filter(({ image_id }) => made.has(image_id)),
  }, size);
  const images = scaled.images.map((image) => ({ ...image, file_name: made.get(image.id)! }));
  await writeJson(join(out, "annotations.json"), { ...scaled, images });
  return faults;
}

/**
 * Reads the words of frames, in PaddleOCR's form.
 *
 * @throws {DataError} If the list is of another form.
 */
export async function readFrames(path: string): Promise<Annotations<TextFrame[]>> {
  return { path, content: parseTextLabels(new TextDecoder().decode(await readBytes(path)), path) };
}

/**
 * Writes the words of the results as `text.txt`, in PaddleOCR's form, moved as the truth was resized and cut.
 *
 * @param onNote Told how many frames of the list are not among the results.
 * @returns Frames of which the list has no line.
 */
export async function writeText(
  out: string,
  { path, content: frames }: Annotations<TextFrame[]>,
  outcomes: readonly Outcome[],
  onNote: (text: string) => void,
): Promise<Outcome[]> {
  const words = new Map(frames.map((frame) => [frame.file.replaceAll("\\", "/"), frame.words]));
  const faults: Outcome[] = [], moved = [], used = new Set<unknown>();
  for (const { outcome, record, inside } of recordsOf(outcomes)) {
    // PaddleOCR's lists name files below the folder of the list, which is often above that of the frames.
    const found = words.get(inside) ?? words.get(record.pair.image);
    if (found === undefined) {
      faults.push({ job: outcome.job, fault: `Cannot label ${inside} as ${path} must list it: current value is none` });
      continue;
    }
    used.add(found);
    const { pair, sides, resize } = record;
    moved.push({ file: `${record.name}.png`, words: moveWords(found, sides, resize ?? sides, pair.crop) });
  }
  noteAbsent(path, Array.from(words, ([file, own]) => used.has(own) ? null : file), onNote);
  await writeAtomic(join(out, "text.txt"), formatTextLabels(moved));
  return faults;
}

/** Says which entries of a list have no image. */
function noteAbsent(path: string, files: readonly (string | null)[], onNote: (text: string) => void): void {
  const absent = files.filter((file) => file !== null);
  if (absent.length > 0) {
    onNote(
      `${absent.length} of the ${files.length} images that ${path} lists are not among the results, such as ${
        absent[0]
      }`,
    );
  }
}

/** Every result with the path of its image below the folder that was named. */
export function* recordsOf(
  outcomes: readonly Outcome[],
): Generator<{ readonly outcome: Outcome; readonly record: DegradedRecord; readonly inside: string }> {
  for (const outcome of outcomes) {
    if (!("results" in outcome)) continue;
    for (const { record } of outcome.results) {
      if (record !== null) {
        yield { outcome, record, inside: insideOf(record.pair.image) };
      }
    }
  }
}
