import { type Complex, fft2, ifft2 } from "../../sobolev/mod.ts";
import type { Plane } from "../plane.ts";
import { type LogGaborBank, logGaborBanks } from "./log_gabor.ts";

/** Standard deviations of the noise that count as noise, and by how much its estimate is too large (authors' value). */
const NOISE_DEVIATIONS = 2, NOISE_SCALE = 1.7;
/** Added to the local energy, in levels, against division by zero. */
const FLOOR = 1e-4;
/** Amplitudes below this many levels are rounding errors of the transforms. */
const ROUNDING = 1e-6;

/**
 * Measure phase congruency (Kovesi 1999, as in Zhang, Zhang, Mou and Zhang 2011): where the Fourier components of all
 * scales agree in phase, as at edges, lines and corners, whatever their contrast.
 *
 * @param plane Luma, 0 to 255.
 * @returns From 0 to 1; 0 where the plane is flat. `[H, W]`
 */
export function phaseCongruency({ width, height, data }: Plane): Float64Array {
  const spectrum = fft2(data, height, width);
  const energies = new Float64Array(data.length), amplitudes = new Float64Array(data.length);
  for (const bank of logGaborBanks(height, width)) {
    const responses = bank.filters.map((filter) =>
      ifft2({ re: times(spectrum.re, filter), im: times(spectrum.im, filter) }, height, width)
    );
    addDirection(responses, bank, energies, amplitudes);
  }
  return energies.map((energy, i) => amplitudes[i] < ROUNDING ? 0 : energy / amplitudes[i]);
}

/** Add what one direction has above the noise, and the amplitudes of its scales. */
function addDirection(
  responses: readonly Complex[],
  bank: LogGaborBank,
  energies: Float64Array,
  amplitudes: Float64Array,
): void {
  const threshold = noiseThreshold(responses[0], bank);
  for (let i = 0; i < energies.length; i++) {
    let even = 0, odd = 0;
    for (const { re, im } of responses) {
      even += re[i];
      odd += im[i];
      amplitudes[i] += Math.hypot(re[i], im[i]);
    }
    const length = Math.hypot(even, odd) + FLOOR;
    even /= length;
    odd /= length;
    let energy = -threshold;
    for (const { re, im } of responses) {
      energy += re[i] * even + im[i] * odd - Math.abs(re[i] * odd - im[i] * even);
    }
    energies[i] += Math.max(energy, 0);
  }
}

/** Energy that noise alone would have, from the median of the finest scale's power: few edges reach it. */
function noiseThreshold({ re, im }: Complex, { power, evenPower }: LogGaborBank): number {
  const squares = re.map((value, i) => value * value + im[i] * im[i]).sort();
  const noisePower = squares[(squares.length - 1) >> 1] / Math.LN2 / power; // an exponential distribution's mean
  const tau = Math.sqrt(noisePower * evenPower);
  const mean = tau * Math.sqrt(Math.PI / 2), deviation = tau * Math.sqrt(2 - Math.PI / 2); // Rayleigh's
  return (mean + NOISE_DEVIATIONS * deviation) / NOISE_SCALE;
}

function times(values: Float64Array, filter: Float64Array): Float64Array {
  return values.map((value, i) => value * filter[i]);
}
