import type { MetricImage } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";
import { type SetSpectrum, setSpectrum } from "./spectrum.ts";

const CUTOFF = 0.25; // cycles a pixel: half way to the Nyquist frequency

/**
 * Compare the power that two sets of images have at high frequencies, 0.25 to 0.5 cycles a pixel.
 *
 * 1 is right: below it the results are too smooth, above it they carry too much detail or noise, wherever it lies.
 *
 * @param results One set.
 * @param truths The other set, of the same sizes.
 * @returns Power of the results over power of the truths, at least 0; NaN where the truths have none.
 * @throws {RangeError} If a set is empty or the sizes differ.
 */
export function hfRatio(
  results: readonly MetricImage[],
  truths: readonly MetricImage[],
  protocol: Protocol = protocols.paper,
): number {
  return spectrumHfRatio(setSpectrum(results, protocol), setSpectrum(truths, protocol));
}

/** {@link hfRatio} of two spectra that are known already. */
export function spectrumHfRatio(results: SetSpectrum, truths: SetSpectrum): number {
  const [ours, theirs] = [results, truths].map(({ frequency, power, count }) =>
    power.reduce((sum, value, bin) => frequency[bin] > CUTOFF ? sum + value * count[bin] : sum, 0)
  );
  return ours / theirs;
}
