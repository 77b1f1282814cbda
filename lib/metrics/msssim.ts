import { halvePlane } from "./plane.ts";
import { type MetricImage, preparePair } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";
import { checkSide } from "./check_side.ts";
import { ssimOfPlanes } from "./ssim.ts";

const LEVEL_WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
/** Shorter side below which the window does not fit the coarsest level. */
export const MSSSIM_SIDE = 161;

/**
 * Measure multi-scale structural similarity (Wang, Simoncelli and Bovik 2003): five levels, halved by 2 x 2 means.
 *
 * An odd side is padded by a zero row or column before its first, as the toolboxes do. In RGB the terms of every level
 * are averaged over the colours before they are multiplied.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @returns In [0, 1]; 1 for equal images; NaN where the unclamped structure of a level is negative.
 * @throws {RangeError} If the sizes differ or the shorter side is below 161 px.
 */
export function msssim(sr: MetricImage, hr: MetricImage, protocol: Protocol = protocols.paper): number {
  const [a, b] = preparePair(sr, hr, protocol);
  checkSide(a.width, a.height, MSSSIM_SIDE, "MS-SSIM");
  let product = 1, results = a.structurePlanes, truths = b.structurePlanes;
  LEVEL_WEIGHTS.forEach((weight, level) => {
    const last = level === LEVEL_WEIGHTS.length - 1;
    const measured = results.map((plane, c) => ssimOfPlanes(plane, truths[c], protocol));
    const terms = measured.map((each) => last ? each.ssim : each.contrastStructure);
    product *= (terms.reduce((sum, term) => sum + term, 0) / terms.length) ** weight;
    if (!last) [results, truths] = [results, truths].map((planes) => planes.map((plane) => halvePlane(plane, true)));
  });
  return product;
}
