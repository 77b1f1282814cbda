import type { tf } from "../engine/mod.ts";
import { createRaster, resizeBicubic } from "../image/mod.ts";
import { SCALE } from "./restorer.ts";
import { type AxisMap, mapAxes } from "./separable.ts";

/**
 * Enlarge by MATLAB's bicubic interpolation (Keys 1981), the plainest baseline: lib/image's resize, on tensors.
 *
 * @param lr Images. `[B, H, W, C]`
 * @returns `[B, 4H, 4W, C]`
 */
export function bicubic(lr: tf.Tensor4D): tf.Tensor4D {
  return mapAxes(lr, enlargement(lr.shape[1]), enlargement(lr.shape[2]));
}

const known = new Map<number, AxisMap>();

/** The resize as a matrix: what it makes of each unit vector. */
function enlargement(from: number): AxisMap {
  const cached = known.get(from);
  if (cached !== undefined) return cached;
  const to = SCALE * from;
  const units = createRaster({ width: from, height: from }, 1);
  for (let i = 0; i < from; i++) units.data[i * from + i] = 1;
  const matrix = resizeBicubic(units, { width: from, height: to }).data;
  const map = { matrix, from, to };
  known.set(from, map);
  return map;
}
