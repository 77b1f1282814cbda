import { DataError } from "../../core/mod.ts";
import { readImage } from "../../image/mod.ts";

/** The class of every pixel, row by row. */
export interface LabelMap {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** As many as there are pixels. */
  readonly labels: Uint8Array;
}

/**
 * Read a label map: a gray PNG of 8 bits, as ADE20K's annotations are. Others are refused, as their numbers would change on
 * reading: a palette would become colours.
 *
 * @throws {DataError} If it is not a gray image of 8 bits.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readLabelMap(path: string): Promise<LabelMap> {
  const { image: { width, height, data }, notes } = await readImage(path);
  if (notes.join() !== "gray converted to RGB") {
    throw new DataError(
      `Cannot read ${path} as labels must be gray of 8 bits, without palette, alpha or profile: current value is ${
        notes.join(", ") || "RGB"
      }`,
    );
  }
  return {
    width,
    height,
    labels: Uint8Array.from({ length: width * height }, (_, i) => Math.round(data[3 * i] * 255)),
  };
}
