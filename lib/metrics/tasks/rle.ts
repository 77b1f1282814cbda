import { DataError } from "../../core/mod.ts";

/** A binary mask as lengths of runs, column by column, the first run being of zeros (COCO's format). */
export interface RunLengths {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Lengths that add up to `height * width`. */
  readonly counts: readonly number[];
}

/** A mask as COCO's files hold it: polygons, or runs as numbers or as their compressed text. */
export type CocoSegmentation =
  | readonly (readonly number[])[]
  | { readonly size: readonly [number, number]; readonly counts: string | readonly number[] };

/**
 * Read runs from COCO's text: differences to the run before last, five bits a character.
 *
 * @throws {DataError} If the text ends inside a number.
 */
export function decodeRuns(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0, shift = 0, more = true;
    while (more) {
      if (at >= text.length) {
        throw new DataError(`Cannot read a mask as its last run must be complete: current value is ${text.slice(-8)}`);
      }
      const bits = text.charCodeAt(at++) - 48;
      value |= (bits & 31) << shift;
      shift += 5;
      more = (bits & 32) !== 0;
      if (!more && (bits & 16) !== 0) value |= -1 << shift;
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value);
  }
  return counts;
}

/** Write runs as COCO's text: the inverse of {@link decodeRuns}. */
export function encodeRuns(counts: readonly number[]): string {
  let text = "";
  counts.forEach((count, i) => {
    let value = i > 2 ? count - counts[i - 2] : count, more = true;
    while (more) {
      let bits = value & 31;
      value >>= 5;
      more = (bits & 16) !== 0 ? value !== -1 : value !== 0;
      if (more) bits |= 32;
      text += String.fromCharCode(bits + 48);
    }
  });
  return text;
}

/** Number of pixels of a mask. */
export function maskArea({ counts }: RunLengths): number {
  return counts.reduce((sum, count, i) => i % 2 === 1 ? sum + count : sum, 0);
}

/**
 * Intersection over union of two masks of one image.
 *
 * @param crowd The truth is a crowd: the union is then the detection alone.
 * @throws {DataError} If the sizes differ.
 */
export function maskIou(detection: RunLengths, truth: RunLengths, crowd: boolean): number {
  if (detection.height !== truth.height || detection.width !== truth.width) {
    throw new DataError(
      `Cannot compare masks as both need one size: current values are ${detection.width} x ${detection.height} and ` +
        `${truth.width} x ${truth.height}`,
    );
  }
  const both = commonArea(detection.counts, truth.counts), own = maskArea(detection);
  const union = crowd ? own : own + maskArea(truth) - both;
  return both === 0 ? 0 : both / union;
}

function commonArea(a: readonly number[], b: readonly number[]): number {
  let both = 0, i = 0, j = 0, leftA = a[0] ?? 0, leftB = b[0] ?? 0;
  while (i < a.length && j < b.length) {
    const run = Math.min(leftA, leftB);
    if (i % 2 === 1 && j % 2 === 1) both += run;
    leftA -= run;
    leftB -= run;
    if (leftA === 0) leftA = a[++i] ?? 0;
    if (leftB === 0) leftB = b[++j] ?? 0;
  }
  return both;
}

/** Unite masks of one size. */
export function uniteMasks(masks: readonly RunLengths[]): RunLengths {
  const [{ height, width }] = masks, covered = new Uint8Array(height * width);
  for (const { counts } of masks) {
    let at = 0;
    counts.forEach((count, i) => {
      if (i % 2 === 1) covered.fill(1, at, at + count);
      at += count;
    });
  }
  return { height, width, counts: runsOf(covered) };
}

/** Runs of a mask that lies column by column. */
export function runsOf(mask: Uint8Array): number[] {
  const counts: number[] = [];
  let value = 0, run = 0;
  for (const pixel of mask) {
    if (pixel !== value) {
      counts.push(run);
      run = 0;
      value = pixel;
    }
    run++;
  }
  return [...counts, run];
}
