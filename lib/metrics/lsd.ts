import { fft2 } from "../sobolev/mod.ts";
import { type MetricImage, type PreparedImage, preparePair } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";

/** Base of the logarithm of {@link lsd}. */
export type LsdBase = "10" | "e";

/** Forms of {@link lsd} found in programs; papers seldom say which is theirs. */
export interface LsdOptions {
  /** "10" for decibel, or "e". */
  readonly base?: LsdBase;
  /** What the logarithm is multiplied by: 20 for magnitudes, 10 where they are taken for powers, 1. */
  readonly factor?: 20 | 10 | 1;
  /** Added to every magnitude before its logarithm: next to nothing, or 1 (`log1p`), which hides weak frequencies. */
  readonly offset?: 1e-8 | 1;
  /** Luma of white. */
  readonly peak?: 1 | 255;
  /** Root mean square over all coefficients, the mean of magnitudes, or the mean over rows of their root mean squares. */
  readonly average?: "rms" | "absolute" | "rows";
}

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
 * @param options Another form; by default decibel as above.
 * @returns At least 0; 0 for equal images.
 * @throws {RangeError} If the sizes differ.
 */
export function lsd(
  sr: MetricImage,
  hr: MetricImage,
  protocol: Protocol = protocols.paper,
  { base = "10", factor = 20, offset = 1e-8, peak = 1, average = "rms" }: LsdOptions = {},
): number {
  const pair = preparePair(sr, hr, protocol);
  const [a, b] = pair.map(magnitudes), scale = factor / (base === "10" ? Math.LN10 : 1);
  // Rows of one length each: a whole image is a single row to the root mean square.
  const length = average === "rows" ? pair[0].width : a.length;
  let total = 0;
  for (let first = 0; first < a.length; first += length) {
    let sum = 0;
    for (let i = first; i < first + length; i++) {
      const gap = Math.log((peak * a[i] + offset) / (peak * b[i] + offset));
      sum += average === "absolute" ? Math.abs(gap) : gap * gap;
    }
    total += average === "absolute" ? sum / length : Math.sqrt(sum / length);
  }
  return scale * total / (a.length / length);
}

const known = new WeakMap<PreparedImage, Float64Array>();

function magnitudes(image: PreparedImage): Float64Array {
  const computed = known.get(image);
  if (computed) return computed;
  const { re, im } = fft2(image.luminance.data, image.height, image.width);
  for (let i = 0; i < re.length; i++) re[i] = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
  known.set(image, re);
  return re;
}
