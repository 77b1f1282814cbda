import { join } from "node:path";
import { AsasrError, DataError } from "../../core/mod.ts";
import { createRaster, crop, type Raster, type RasterSize, readImage, writePng } from "../../image/mod.ts";
import { recordsOf } from "./annotations.ts";
import type { Outcome } from "./pool.ts";

/**
 * Writes the label map of every truth, `DIR/NAME.png`, into `labels/`: resized by the nearest pixel and cut, as the truth
 * was resized and cut.
 *
 * @returns Images whose map is missing or cannot be used.
 */
export async function writeLabels(out: string, folder: string, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const faults: Outcome[] = [];
  for (const { outcome, record, inside } of recordsOf(outcomes)) {
    const path = join(folder, inside.replace(/\.\w+$/, ".png"));
    try {
      const map = await readLabels(path, record.sides);
      const resized = record.resize === null ? map : resizeNearest(map, record.resize);
      await writePng(join(out, "labels", `${record.name}.png`), crop(resized, record.pair.crop));
    } catch (error) {
      if (!(error instanceof AsasrError)) throw error;
      faults.push({ job: outcome.job, fault: error.message });
    }
  }
  return faults;
}

/** Reads a gray map of 8 bits: colours would not be numbers of classes. */
async function readLabels(path: string, { width, height }: RasterSize): Promise<Raster> {
  const { image, notes } = await readImage(path);
  if (image.width !== width || image.height !== height) {
    throw new DataError(
      `Cannot use labels ${path} as they must be as large as their image, ${width} x ${height}: ` +
        `current value is ${image.width} x ${image.height}`,
    );
  }
  const strange = notes.filter((note) => note !== "gray converted to RGB");
  const gray = createRaster(image, 1, Float32Array.from({ length: width * height }, (_, i) => image.data[3 * i]));
  if (strange.length > 0 || image.data.some((value, i) => value !== gray.data[Math.floor(i / 3)])) {
    throw new DataError(
      `Cannot use labels ${path} as they must be gray, of 8 bits: current value is ${strange.join(", ") || "coloured"}`,
    );
  }
  return gray;
}

function resizeNearest({ width, height, data }: Raster, size: RasterSize): Raster {
  const columns = Array.from({ length: size.width }, (_, x) => Math.floor((x + 0.5) * width / size.width));
  const resized = createRaster(size, 1);
  for (let y = 0; y < size.height; y++) {
    const row = Math.floor((y + 0.5) * height / size.height) * width;
    columns.forEach((column, x) => resized.data[y * size.width + x] = data[row + column]);
  }
  return resized;
}
