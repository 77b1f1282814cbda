import type { Raster } from "../../image/mod.ts";
import { createRaster, toRgb } from "../../image/mod.ts";
import { palette } from "../palette.ts";

const GOLDEN_ANGLE = 137.508; // degrees: hues of neighbouring numbers lie far apart, however many there are

/** Colour of a kind of object, `#rrggbb`: that of the palette, and hues of their own after it. */
export function kindColour(kind: number): string {
  if (kind < palette.length) return palette[kind];
  const channels = [0, 8, 4].map((shift) => {
    const k = (shift + kind * GOLDEN_ANGLE / 30) % 12;
    return Math.round(255 * (0.48 - 0.34 * Math.max(-1, Math.min(k - 3, 9 - k, 1)))); // HSL to RGB (CSS Color 4)
  });
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Tint the pixels of an image by their kind.
 *
 * @param kinds Kind of every pixel and one more; 0 leaves a pixel as it is.
 * @param strength Share of the colour.
 */
export function tinted(image: Raster, kinds: Uint16Array, strength = 0.5): Raster {
  const rgb = toRgb(image), data = rgb.data.slice();
  const colours = new Map<number, number[]>();
  kinds.forEach((kind, pixel) => {
    if (kind === 0) return;
    if (!colours.has(kind)) {
      const text = kindColour(kind - 1);
      colours.set(kind, [1, 3, 5].map((from) => parseInt(text.slice(from, from + 2), 16) / 255));
    }
    colours.get(kind)!.forEach((value, c) => {
      data[3 * pixel + c] += strength * (value - data[3 * pixel + c]);
    });
  });
  return createRaster(rgb, 3, data);
}
