/** Families of blur kernels of the second-order degradation (Wang et al. 2021, Real-ESRGAN). */
export type KernelSpec =
  | {
    /** Profile over q = v' S^-1 v: `exp(-q / 2)`, `exp(-q^beta / 2)` or `1 / (1 + q^beta)`. */
    readonly family: "gaussian" | "generalised" | "plateau";
    /** Side, odd. */
    readonly size: number;
    /** Standard deviation along the turned x axis, in pixels. */
    readonly sigmaX: number;
    /** Along the turned y axis; equal to `sigmaX` in an isotropic kernel. */
    readonly sigmaY: number;
    /** Angle of the x axis, in radians. */
    readonly theta: number;
    /** Exponent of the profile; a Gaussian ignores it. */
    readonly beta: number;
  }
  | {
    /** Ideal circular low pass: ringing. */
    readonly family: "sinc";
    /** Side, odd. */
    readonly size: number;
    /** Cut-off frequency in radians per pixel, up to pi. */
    readonly cutoff: number;
  };

/** Weights of a correlation, centred. */
export interface Kernel {
  /** Columns, odd. */
  readonly width: number;
  /** Rows, odd. */
  readonly height: number;
  /** Row by row. `[height, width]` */
  readonly weights: Float64Array;
}

/**
 * Evaluate a blur kernel; its weights sum to 1.
 *
 * @param spec Family and parameters.
 * @returns The weights. `[size, size]`
 * @throws {RangeError} If the side is not a positive odd integer.
 */
export function blurKernel(spec: KernelSpec): Kernel {
  const { size } = spec;
  if (!Number.isInteger(size) || size < 1 || size % 2 === 0) {
    throw new RangeError(`Cannot evaluate kernel as its side must be a positive odd integer: current value is ${size}`);
  }
  const profile = spec.family === "sinc" ? sincProfile(spec.cutoff) : bellProfile(spec);
  const half = (size - 1) / 2;
  const weights = new Float64Array(size * size);
  for (let i = 0; i < weights.length; i++) weights[i] = profile(i % size - half, Math.floor(i / size) - half);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { width: size, height: size, weights: weights.map((weight) => weight / sum) };
}

type Profile = (x: number, y: number) => number;

function bellProfile({ family, sigmaX, sigmaY, theta, beta }: Exclude<KernelSpec, { family: "sinc" }>): Profile {
  const cos = Math.cos(theta), sin = Math.sin(theta);
  const bell = {
    gaussian: (q: number) => Math.exp(-q / 2),
    generalised: (q: number) => Math.exp(-(q ** beta) / 2),
    plateau: (q: number) => 1 / (1 + q ** beta),
  }[family];
  return (x, y) => bell(((cos * x + sin * y) / sigmaX) ** 2 + ((cos * y - sin * x) / sigmaY) ** 2);
}

/** w J1(w r) / (2 pi r): the inverse transform of a disc of radius w. */
function sincProfile(cutoff: number): Profile {
  const known = new Map<number, number>(); // a square of 21 x 21 has 66 distinct radii
  return (x, y) => {
    const squared = x * x + y * y;
    const value = known.get(squared) ?? radial(cutoff, Math.sqrt(squared));
    known.set(squared, value);
    return value;
  };
}

function radial(cutoff: number, r: number): number {
  return r === 0 ? cutoff ** 2 / (4 * Math.PI) : cutoff * besselJ1(cutoff * r) / (2 * Math.PI * r);
}

const BESSEL_NODES = 128; // exact to rounding for |x| < 90: the trapezoid rule on a period converges geometrically

/** Bessel function of the first kind, order 1, by its integral over a period; |x| < 90. */
function besselJ1(x: number): number {
  let sum = 0;
  for (let k = 0; k < BESSEL_NODES; k++) {
    const angle = 2 * Math.PI * k / BESSEL_NODES;
    sum += Math.cos(angle - x * Math.sin(angle));
  }
  return sum / BESSEL_NODES;
}
