import type { MetricImage } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";
import { type SetSpectrum, setSpectrum } from "./spectrum.ts";

const FLOOR = 1e-12; // power of luma in [0, 1]: far below 8-bit rounding

/**
 * Measure how far the mean radial power spectra of two sets of images lie apart: the root mean square over the
 * frequency bins of their ratio in decibel (Fig. 3 as one number).
 *
 * @param results One set.
 * @param truths The other set, of the same sizes.
 * @returns Decibel, at least 0; 0 for equal spectra.
 * @throws {RangeError} If a set is empty or the sizes differ.
 */
export function psdDistance(
  results: readonly MetricImage[],
  truths: readonly MetricImage[],
  protocol: Protocol = protocols.paper,
): number {
  return spectrumDistance(setSpectrum(results, protocol), setSpectrum(truths, protocol));
}

/**
 * {@link psdDistance} of two spectra that are known already.
 *
 * @throws {RangeError} If the sizes differ.
 */
export function spectrumDistance({ power: ours }: SetSpectrum, { power: theirs }: SetSpectrum): number {
  if (ours.length !== theirs.length) {
    throw new RangeError(
      `Cannot compare spectra as both sets need one size: current values are ${ours.length} and ${theirs.length} bins`,
    );
  }
  const gaps = ours.map((power, bin) => 10 * Math.log10((power + FLOOR) / (theirs[bin] + FLOOR)));
  return Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length);
}
