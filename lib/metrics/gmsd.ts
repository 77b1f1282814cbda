import { halvePlane, type Plane } from "./plane.ts";
import { type MetricImage, preparePair } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";
import { checkSide } from "./check_side.ts";

/** Keeps the similarity of flat regions from being a ratio of nothing; of planes from 0 to 255. */
export const GMSD_CONTRAST = 170;

/**
 * Measure gradient magnitude similarity deviation (Xue, Zhang, Mou and Bovik 2014): how unevenly edges are kept.
 *
 * Planes are halved by 2 x 2 means; Prewitt gradients with zeros outside; the unbiased standard deviation of the map.
 * In RGB the planes are averaged; the original is defined on luma.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @returns At least 0; 0 for equal images.
 * @throws {RangeError} If the sizes differ or a side is below 4 px.
 */
export function gmsd(sr: MetricImage, hr: MetricImage, protocol: Protocol = protocols.paper): number {
  const [a, b] = preparePair(sr, hr, protocol);
  checkSide(a.width, a.height, 4, "GMSD");
  const perPlane = a.structurePlanes.map((plane, c) => deviation(plane, b.structurePlanes[c]));
  return perPlane.reduce((sum, value) => sum + value, 0) / perPlane.length;
}

function deviation(x: Plane, y: Plane): number {
  const a = gradientMagnitude(halvePlane(x)), b = gradientMagnitude(halvePlane(y));
  const similarity = a.map((value, i) => (2 * value * b[i] + GMSD_CONTRAST) / (value ** 2 + b[i] ** 2 + GMSD_CONTRAST));
  const centre = similarity.reduce((sum, value) => sum + value, 0) / similarity.length;
  const squares = similarity.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (similarity.length - 1));
}

function gradientMagnitude({ width, height, data }: Plane): Float64Array {
  const at = (x: number, y: number) => x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x];
  const magnitude = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let across = 0, down = 0;
      for (let k = -1; k <= 1; k++) {
        across += at(x - 1, y + k) - at(x + 1, y + k);
        down += at(x + k, y - 1) - at(x + k, y + 1);
      }
      magnitude[y * width + x] = Math.sqrt((across / 3) ** 2 + (down / 3) ** 2 + 1e-12);
    }
  }
  return magnitude;
}
