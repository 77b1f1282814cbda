import type { PairSet } from "../dataset/mod.ts";
import { createRaster, quantise8, type Raster } from "../image/mod.ts";

/** The images of a set of pairs as rasters in [0, 1], rounded to 8 bits as their files would be. */
export function setToRasters(set: PairSet, part: "hr" | "lr" | "condition"): Raster[] {
  const side = part === "lr" ? set.size / set.scale : set.size;
  const values = side * side * 3;
  return Array.from({ length: set.count }, (_, i) => {
    const pixels = set[part].subarray(i * values, (i + 1) * values);
    return quantise8(createRaster({ width: side, height: side }, 3, pixels.map((x) => (x + 1) / 2)));
  });
}
