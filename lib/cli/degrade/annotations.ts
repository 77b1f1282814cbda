import { join } from "node:path";
import { AsasrError, DataError, readJson, writeJson } from "../../core/mod.ts";
import { type CocoFile, scaleCoco } from "../../dataset/mod.ts";
import { createRaster, crop, type Raster, type RasterSize, readImage, writePng } from "../../image/mod.ts";
import type { Outcome } from "./pool.ts";

/**
 * Writes COCO's annotations for the resized images as `annotations.json`; its file names are those of the results.
 *
 * @throws {DataError} If the file is no annotation file of COCO.
 */
export async function writeCoco(out: string, path: string, size: RasterSize): Promise<void> {
  const file = await readJson(path) as CocoFile | null;
  if (!Array.isArray(file?.images) || !Array.isArray(file.annotations)) {
    throw new DataError(`Cannot read ${path} as it must hold COCO's images and annotations: current value is others`);
  }
  const scaled = scaleCoco(file, size);
  const images = scaled.images.map((image) => ({ ...image, file_name: image.file_name.replace(/\.\w+$/, ".png") }));
  await writeJson(join(out, "annotations.json"), { ...scaled, images });
}

/** Cuts the label map of every truth, `DIR/NAME.png`, as the truth was cut; returns those that failed. */
export async function writeLabels(out: string, folder: string, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const faults: Outcome[] = [];
  for (const outcome of outcomes) {
    if (!("results" in outcome)) continue;
    for (const { record } of outcome.results) {
      if (record === null) continue;
      const inside = record.pair.image.slice(record.pair.image.indexOf("/") + 1).replace(/\.\w+$/, ".png");
      try {
        const { image } = await readImage(join(folder, inside));
        await writePng(join(out, "labels", `${record.name}.png`), labels(cut(image, record.pair.crop, inside)));
      } catch (error) {
        if (!(error instanceof AsasrError)) throw error;
        faults.push({ job: outcome.job, fault: error.message });
      }
    }
  }
  return faults;
}

function cut(image: Raster, box: Parameters<typeof crop>[1], name: string): Raster {
  if (box.left + box.width <= image.width && box.top + box.height <= image.height) return crop(image, box);
  throw new DataError(
    `Cannot cut labels ${name} as they must be as large as their image: current value is ${image.width} x ${image.height}`,
  );
}

/** Label maps are gray, so one channel has all of them. */
function labels(image: Raster): Raster {
  return createRaster(image, 1, Float32Array.from({ length: image.data.length / 3 }, (_, i) => image.data[3 * i]));
}
