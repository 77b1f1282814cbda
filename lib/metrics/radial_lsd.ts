import { radialPsd } from "../sobolev/mod.ts";
import { type MetricImage, preparePair } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";

const FLOOR = 1e-12; // power of luma in [0, 1]: far below 8-bit rounding

/**
 * Measure the log-spectral distance of two images' radial power spectra: the root mean square over the rings of their
 * ratio in decibel, full-range luma in [0, 1], no window.
 *
 * Averaging over rings hides what single coefficients do: texture of the right power costs nothing, whatever its place. A
 * ring without a coefficient, such as the lowest of square images, counts as equal.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @returns Decibel, at least 0; 0 for equal images.
 * @throws {RangeError} If the sizes differ or a side is below 2 px.
 */
export function radialLsd(sr: MetricImage, hr: MetricImage, protocol: Protocol = protocols.paper): number {
  const [ours, theirs] = preparePair(sr, hr, protocol).map(({ luminance, width, height }) =>
    radialPsd(luminance.data, height, width)
  );
  let squares = 0;
  ours.power.forEach((power, ring) => {
    if (ours.count[ring] > 0) squares += (10 * Math.log10((power + FLOOR) / (theirs.power[ring] + FLOOR))) ** 2;
  });
  return Math.sqrt(squares / ours.power.length);
}
