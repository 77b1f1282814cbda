import { basename, join } from "node:path";
import { DataError, readBytes, readJson, writeAtomic, writeJson } from "../../core/mod.ts";
import {
  type CocoFile,
  type DegradedRecord,
  formatTextLabels,
  moveWords,
  parseTextLabels,
  scaleCoco,
} from "../../dataset/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import type { Outcome } from "./pool.ts";
import { insideOf } from "./replay.ts";

/**
 * Writes COCO's annotations for the resized images that were made, as `annotations.json`; its file names are those of the
 * results. Images of the file that are not in the folder are left out.
 *
 * @returns Images that the annotations do not fit.
 * @throws {DataError} If the file is no annotation file of COCO.
 */
export async function writeCoco(
  out: string,
  path: string,
  size: RasterSize,
  outcomes: readonly Outcome[],
): Promise<Outcome[]> {
  const file = await readJson(path) as CocoFile | null;
  if (!Array.isArray(file?.images) || !Array.isArray(file.annotations)) {
    throw new DataError(`Cannot read ${path} as it must hold COCO's images and annotations: current value is others`);
  }
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
    } else made.set(image.id, `${record.name}.png`);
  }
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
 * Writes the words of the results as `text.txt`, in PaddleOCR's form, moved as the truth was resized and cut.
 *
 * @returns Frames of which the list has no line.
 * @throws {DataError} If the list is of another form.
 */
export async function writeText(out: string, path: string, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const frames = parseTextLabels(new TextDecoder().decode(await readBytes(path)), path);
  const words = new Map(frames.map((frame) => [frame.file.replaceAll("\\", "/"), frame.words]));
  const faults: Outcome[] = [], moved = [];
  for (const { outcome, record, inside } of recordsOf(outcomes)) {
    // PaddleOCR's lists name files below the folder of the list, which is often above that of the frames.
    const found = words.get(inside) ?? words.get(record.pair.image);
    if (found === undefined) {
      faults.push({ job: outcome.job, fault: `Cannot label ${inside} as ${path} must list it: current value is none` });
      continue;
    }
    const { pair, sides, resize } = record;
    moved.push({ file: `${record.name}.png`, words: moveWords(found, sides, resize ?? sides, pair.crop) });
  }
  await writeAtomic(join(out, "text.txt"), formatTextLabels(moved));
  return faults;
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
