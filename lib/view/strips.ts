import { composeGrid, encodePng, type GridOptions, type Raster, writePng } from "../image/mod.ts";
import { type Displayable, displayable } from "./jupyter/displayable.ts";

/** A labelled grid of images that a notebook shows as it is. */
export interface Strip extends Displayable {
  /** The grid. */
  readonly raster: Raster;
  /** What it shows. */
  readonly title: string;
}

/** A column of a strip: its name and one image a row. */
export interface StripColumn {
  /** Name of the method. */
  readonly label: string;
  /** From the first crop to the last. */
  readonly images: readonly Raster[];
}

/**
 * Put images side by side: one column a method (LR, bicubic, SFT, arms, truth), one row a crop.
 *
 * @param options Names of the rows, gap and zoom.
 * @throws {RangeError} If there is no image.
 */
export async function imageStrip(
  title: string,
  columns: readonly StripColumn[],
  options: Omit<GridOptions, "labels"> & { readonly rows?: readonly string[] } = {},
): Promise<Strip> {
  const { rows, ...grid } = options;
  const count = Math.max(0, ...columns.map(({ images }) => images.length));
  const cells = Array.from({ length: count }, (_, row) => columns.flatMap(({ images }) => images[row] ?? []));
  const raster = await composeGrid(cells, { ...grid, labels: { columns: columns.map(({ label }) => label), rows } });
  return displayable({ raster, title }, async () => ({
    "image/png": (await encodePng(raster)).toBase64(),
    "text/plain": `Images: ${title}, ${columns.map(({ label }) => label).join(", ")}.`,
  }));
}

/**
 * Write a strip as a PNG file.
 *
 * @throws {InputOutputError} If the file cannot be written.
 */
export async function saveStrip(path: string, { raster }: Strip): Promise<void> {
  await writePng(path, raster);
}
