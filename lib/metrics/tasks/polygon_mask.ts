import { DataError } from "../../core/mod.ts";
import { type CocoSegmentation, decodeRuns, type RunLengths, runsOf, uniteMasks } from "./rle.ts";

const FINER = 5; // the outline is drawn on a grid five times as fine, as COCO's own code does

/**
 * Read a mask in any of COCO's forms.
 *
 * @param segmentation Polygons, or runs.
 * @param height Rows of the image.
 * @param width Columns of the image.
 * @throws {DataError} If runs do not fill the image or a polygon has fewer than three corners.
 */
export function readMask(segmentation: CocoSegmentation, height: number, width: number): RunLengths {
  if (!("counts" in segmentation)) {
    return uniteMasks(segmentation.map((corners) => polygonMask(corners, height, width)));
  }
  const { size, counts } = segmentation;
  const runs = typeof counts === "string" ? decodeRuns(counts) : counts, [rows, columns] = size;
  const pixels = runs.reduce((sum, count) => sum + count, 0);
  if (pixels !== rows * columns || runs.some((count) => count < 0)) {
    throw new DataError(`Cannot read a mask as its runs must fill ${rows} x ${columns}: current sum is ${pixels}`);
  }
  return { height: rows, width: columns, counts: runs };
}

/**
 * Fill a polygon as COCO does, so that areas and overlaps agree to the pixel.
 *
 * @param corners x, y, x, y, ... in pixels.
 */
export function polygonMask(corners: readonly number[], height: number, width: number): RunLengths {
  if (corners.length < 6 || corners.length % 2 !== 0) {
    throw new DataError(
      `Cannot fill a polygon as it needs three corners of two numbers: current value is ${corners.length} numbers`,
    );
  }
  const covered = new Uint8Array(height * width + 1);
  const [xs, ys] = outline(corners);
  for (let i = 1; i < xs.length; i++) {
    if (xs[i] === xs[i - 1]) continue;
    const column = (Math.min(xs[i], xs[i - 1]) + 0.5) / FINER - 0.5; // whole only on the middle of a column
    if (!Number.isInteger(column) || column < 0 || column > width - 1) continue;
    const row = Math.ceil(Math.min(Math.max((Math.min(ys[i], ys[i - 1]) + 0.5) / FINER - 0.5, 0), height));
    covered[column * height + row] ^= 1;
  }
  for (let at = 1; at < covered.length; at++) covered[at] ^= covered[at - 1]; // inside from one crossing to the next
  return { height, width, counts: runsOf(covered.subarray(0, height * width)) };
}

/** Points of the outline on the finer grid, every step along the longer direction of an edge. */
function outline(corners: readonly number[]): [xs: number[], ys: number[]] {
  const fine = corners.map((value) => Math.trunc(FINER * value + 0.5)), count = fine.length / 2;
  const xs: number[] = [], ys: number[] = [];
  for (let i = 0; i < count; i++) {
    const j = (i + 1) % count;
    const edge: Edge = [fine[2 * i], fine[2 * i + 1], fine[2 * j], fine[2 * j + 1]];
    const dx = Math.abs(edge[2] - edge[0]), dy = Math.abs(edge[3] - edge[1]), flat = dx >= dy;
    const backwards = flat ? edge[0] > edge[2] : edge[1] > edge[3];
    const [x0, y0, x1, y1] = backwards ? [edge[2], edge[3], edge[0], edge[1]] : edge;
    const steps = flat ? dx : dy, slope = steps === 0 ? 0 : (flat ? y1 - y0 : x1 - x0) / steps;
    for (let d = 0; d <= steps; d++) {
      const t = backwards ? steps - d : d;
      xs.push(flat ? x0 + t : Math.trunc(x0 + slope * t + 0.5));
      ys.push(flat ? Math.trunc(y0 + slope * t + 0.5) : y0 + t);
    }
  }
  return [xs, ys];
}

type Edge = readonly [number, number, number, number];
