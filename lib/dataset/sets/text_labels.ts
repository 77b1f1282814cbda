import { DataError } from "../../core/mod.ts";
import type { Box, RasterSize } from "../../image/mod.ts";

/** A word of a frame; other members are kept as they are. */
export interface TextWord {
  /** What is written; `###` where it cannot be read. */
  readonly transcription: string;
  /** Corners in order, such as the four of a quadrilateral. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** The words of one frame. */
export interface TextFrame {
  /** Its file. */
  readonly file: string;
  /** In the order of the file. */
  readonly words: readonly TextWord[];
}

/**
 * Read a list of words as PaddleOCR has it: a line a frame, its file, a tab, and its words as JSON.
 *
 * @param text The list.
 * @param name What messages call it.
 * @returns Frames in order.
 * @throws {DataError} If a line is of another form.
 */
export function parseTextLabels(text: string, name: string): TextFrame[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "").map((line) => {
    const tab = line.indexOf("\t"), file = line.slice(0, tab);
    const words = tab < 1 ? undefined : parse(line.slice(tab + 1));
    if (Array.isArray(words) && words.every(isWord)) return { file, words };
    throw new DataError(
      `Cannot read ${name} as a line must be FILE, a tab and [{"transcription": ..., "points": [[x, y], ...]}, ...]: ` +
        `current value is ${JSON.stringify(line.slice(0, 60))}`,
    );
  });
}

/** Write frames as {@link parseTextLabels} reads them. */
export function formatTextLabels(frames: readonly TextFrame[]): string {
  return frames.map(({ file, words }) => `${file}\t${JSON.stringify(words)}\n`).join("");
}

/**
 * Take the corners of words along when a frame is resized, each axis by its own factor, and then cut.
 *
 * @param words Of the frame.
 * @param from Sides of the frame.
 * @param to Sides that it is resized to.
 * @param box What is kept of that; corners outside are moved to its border.
 * @returns The words in the coordinates of the box, not rounded.
 */
export function moveWords(words: readonly TextWord[], from: RasterSize, to: RasterSize, box: Box): TextWord[] {
  const x = to.width / from.width, y = to.height / from.height;
  const within = (value: number, side: number) => Math.min(Math.max(value, 0), side);
  return words.map((word) => ({
    ...word,
    points: word.points.map(([left, top]): [number, number] => [
      within(left * x - box.left, box.width),
      within(top * y - box.top, box.height),
    ]),
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says which line
  }
}

function isWord(word: { transcription?: unknown; points?: unknown } | null): word is TextWord {
  const isCorner = (corner: unknown) =>
    Array.isArray(corner) && corner.length === 2 && corner.every((value) => Number.isFinite(value));
  return typeof word?.transcription === "string" && Array.isArray(word.points) && word.points.length >= 3 &&
    word.points.every(isCorner);
}
