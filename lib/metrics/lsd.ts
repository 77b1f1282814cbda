import { fft2 } from "../sobolev/mod.ts";
import { type MetricImage, type PreparedImage, preparePair } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";

/** Base of the logarithm of {@link lsd}. */
export type LsdBase = "10" | "e";

const EPSILON = 1e-8; // added to every magnitude

/**
 * Measure the log-spectral distance: the root mean square over all Fourier coefficients of 20 log|F_sr| - 20 log|F_hr|,
 * of full-range luma in [0, 1], without a window, the constant included.
 *
 * The paper (Fig. 6: 27.35) gives no formula and images have no standard. Base 10 is decibel; base e is the value of the
 * widespread `20 * np.log(np.abs(fft))`, 2.303 times as large, and fits the paper's number. It compares spectra, not
 * images: it does not see phases, and two pictures of equal power but unrelated content lie about 7.8 dB apart.
 *
 * @param sr The result.
 * @param hr The truth, of the same size.
 * @param options `base`: "10" for decibel (the default) or "e".
 * @returns At least 0; 0 for equal images.
 * @throws {RangeError} If the sizes differ.
 */
export function lsd(
  sr: MetricImage,
  hr: MetricImage,
  protocol: Protocol = protocols.paper,
  { base = "10" }: { readonly base?: LsdBase } = {},
): number {
  const [a, b] = preparePair(sr, hr, protocol).map(logMagnitudes);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2;
  return 20 * Math.sqrt(squares / a.length) / (base === "10" ? Math.LN10 : 1);
}

const known = new WeakMap<PreparedImage, Float64Array>();

function logMagnitudes(image: PreparedImage): Float64Array {
  const computed = known.get(image);
  if (computed) return computed;
  const { re, im } = fft2(image.luminance.data, image.height, image.width);
  const logs = re.map((real, i) => Math.log(Math.hypot(real, im[i]) + EPSILON));
  known.set(image, logs);
  return logs;
}
