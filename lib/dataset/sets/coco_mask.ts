import { DataError } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";

/** A mask as runs of zeros and ones down the columns. */
export interface CocoRuns {
  /** Lengths, beginning with zeros; a text is COCO's compressed form. */
  readonly counts: readonly number[] | string;
  /** Height and width. */
  readonly size: readonly [height: number, width: number];
}

/**
 * Resize a mask of runs by the nearest pixel.
 *
 * @param runs Lengths of runs down the columns, zeros first, not compressed.
 * @param size New sides.
 * @returns The resized mask as runs.
 * @throws {DataError} If the runs are compressed or do not fill the mask.
 */
export function resizeMask({ counts, size: [height, width] }: CocoRuns, size: RasterSize): CocoRuns {
  if (typeof counts === "string") {
    throw new DataError(
      "Cannot resize a mask as its runs must be numbers, as COCO publishes them: current value is text",
    );
  }
  const mask = new Uint8Array(height * width); // column after column
  let at = 0;
  counts.forEach((count, i) => {
    mask.fill(i % 2, at, at + count);
    at += count;
  });
  if (at !== mask.length) {
    throw new DataError(`Cannot resize a mask as its runs must fill ${height} x ${width}: current value is ${at}`);
  }
  const resized: number[] = [];
  let value = 0, run = 0;
  for (let x = 0; x < size.width; x++) {
    const column = Math.floor((x + 0.5) * width / size.width) * height;
    for (let y = 0; y < size.height; y++) {
      const pixel = mask[column + Math.floor((y + 0.5) * height / size.height)];
      if (pixel !== value) {
        resized.push(run);
        value = pixel;
        run = 0;
      }
      run++;
    }
  }
  return { counts: [...resized, run], size: [size.height, size.width] };
}
