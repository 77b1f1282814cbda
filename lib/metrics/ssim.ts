import { checkSide } from "./check_side.ts";
import { type Plane, poolFactor, poolPlane } from "./plane.ts";
import { type MetricImage, preparePair } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";
import { windowMoments } from "./window_moments.ts";

/** Side of the window: nothing smaller can be measured. */
export const SSIM_WINDOW = 11;
const SIGMA = 1.5;
const C1 = 0.01, C2 = 0.03;

/**
 * Measure structural similarity (Wang, Bovik, Sheikh and Simoncelli 2004): 11 x 11 Gaussian window of sigma 1.5 where
 * it fits, population moments; the mean over the map, then over the planes.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @param options `shrink`: average blocks first, so that the shorter side is about 256 px, as the authors propose for a
 * usual viewing distance and super-resolution does not; false by default.
 * @returns In [-1, 1]; 1 for equal images.
 * @throws {RangeError} If the sizes differ or a side is shorter than the window.
 */
export function ssim(
  sr: MetricImage,
  hr: MetricImage,
  protocol: Protocol = protocols.paper,
  { shrink = false }: { readonly shrink?: boolean } = {},
): number {
  const pair = preparePair(sr, hr, protocol), [{ width, height }] = pair;
  checkSide(width, height, SSIM_WINDOW, "SSIM");
  const factor = shrink ? poolFactor(width, height) : 1;
  const [ours, theirs] = pair.map(({ structurePlanes }) => structurePlanes.map((plane) => poolPlane(plane, factor)));
  const perPlane = ours.map((plane, c) => ssimOfPlanes(plane, theirs[c], protocol).ssim);
  return perPlane.reduce((sum, value) => sum + value, 0) / perPlane.length;
}

/**
 * Measure SSIM and its contrast-structure term of two planes, both averaged over the map.
 */
export function ssimOfPlanes(
  x: Plane,
  y: Plane,
  protocol: Protocol,
): { readonly ssim: number; readonly contrastStructure: number } {
  const c1 = (C1 * protocol.dataRange) ** 2, c2 = (C2 * protocol.dataRange) ** 2;
  let total = 0, structure = 0;
  windowMoments(x, y, gaussian(), ({ x: mx, y: my, xx, yy, xy }) => {
    for (let i = 0; i < mx.length; i++) {
      const product = mx[i] * my[i], squares = mx[i] * mx[i] + my[i] * my[i];
      let cs = (2 * (xy[i] - product) + c2) / (xx[i] + yy[i] - squares + c2);
      if (protocol.clampStructure && cs < 0) cs = 0;
      structure += cs;
      total += cs * (2 * product + c1) / (squares + c1);
    }
  });
  const count = (x.width - SSIM_WINDOW + 1) * (x.height - SSIM_WINDOW + 1);
  return { ssim: total / count, contrastStructure: structure / count };
}

let window: Float64Array | undefined;
function gaussian(): Float64Array {
  if (window) return window;
  const taps = Float64Array.from(
    { length: SSIM_WINDOW },
    (_, i) => Math.exp(-((i - (SSIM_WINDOW - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return window = taps.map((tap) => tap / sum);
}
