import type { RasterSize } from "../../image/mod.ts";
import type { Corner } from "../../metrics/mod.ts";

/** An outline drawn on an image. */
export interface OverlayMark {
  /** Corners in pixels of the image. */
  readonly points: readonly Corner[];
  /** What is written at it; may be empty. */
  readonly label: string;
  /** Marks of one kind share a colour; from 0. */
  readonly kind: number;
}

/** What was found in an image. */
export interface Overlay {
  /** In the order in which they are drawn. */
  readonly marks: readonly OverlayMark[];
  /** Kind of every pixel and one more, 0 where there is none; row by row. Null where nothing is tinted. */
  readonly kinds: Uint16Array | null;
}

/** Finds what was found in an image of this size, by its name without ending. */
export type OverlaySource = (image: string, size: RasterSize) => Promise<Overlay>;

/** Nothing. */
export const EMPTY_OVERLAY: Overlay = { marks: [], kinds: null };

/**
 * Join two overlays of one image, the second on top.
 *
 * @param a Below.
 * @param b On top.
 */
export function joinOverlays(a: Overlay, b: Overlay): Overlay {
  const marks = [...a.marks, ...b.marks];
  if (a.kinds === null || b.kinds === null) return { marks, kinds: a.kinds ?? b.kinds };
  return { marks, kinds: a.kinds.map((kind, i) => b.kinds![i] || kind) };
}

/**
 * Cut a rectangle out of an overlay. Marks that reach into it are moved along and keep their corners outside.
 *
 * @param size Of the image.
 * @param box Rectangle inside it.
 */
export function cropOverlay(
  { marks, kinds }: Overlay,
  size: RasterSize,
  box: RasterSize & { readonly left: number; readonly top: number },
): Overlay {
  const { left, top, width, height } = box;
  const moved = marks.map((mark) => ({ ...mark, points: mark.points.map(([x, y]): Corner => [x - left, y - top]) }));
  const inside = moved.filter(({ points }) => {
    const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
    return Math.max(...xs) > 0 && Math.min(...xs) < width && Math.max(...ys) > 0 && Math.min(...ys) < height;
  });
  if (kinds === null) return { marks: inside, kinds: null };
  const cut = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * size.width + left;
    cut.set(kinds.subarray(from, from + width), y * width);
  }
  return { marks: inside, kinds: cut };
}
