import type { Plane } from "../plane.ts";

const RADIUS = 3, SIDE = 2 * RADIUS + 1, SIGMA = 7 / 6;

/**
 * Average a plane about one pixel by NIQE's 7 x 7 Gaussian as the authors' filter does: over all 49 pixels row by row,
 * the border repeated.
 *
 * Where an area is flat, a pixel less its local mean is a rounding error, and NIQE counts signs: the order of the sum
 * and the last bit of the weights decide the score.
 *
 * @param plane Values.
 * @param x Column of the pixel.
 * @param y Its row.
 * @param part Columns and rows that count, from the top left: the border is theirs.
 */
export function windowMean(
  { width: stride, data }: Plane,
  x: number,
  y: number,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  let sum = 0;
  for (let dy = -RADIUS, tap = 0; dy <= RADIUS; dy++) {
    const row = Math.min(Math.max(y + dy, 0), height - 1) * stride;
    for (let dx = -RADIUS; dx <= RADIUS; dx++, tap++) {
      sum += WEIGHTS[tap] * data[row + Math.min(Math.max(x + dx, 0), width - 1)];
    }
  }
  return sum;
}

const WEIGHTS = gaussian();

function gaussian(): Float64Array {
  const weights = Float64Array.from({ length: SIDE * SIDE }, (_, k) => {
    const across = k % SIDE - RADIUS, down = Math.floor(k / SIDE) - RADIUS;
    return Math.exp(-(across * across + down * down) / (2 * SIGMA ** 2));
  });
  const total = weights.toSorted((a, b) => b - a).reduce((sum, weight) => sum + weight, 0); // rounded once
  return weights.map((weight) => weight / total);
}
