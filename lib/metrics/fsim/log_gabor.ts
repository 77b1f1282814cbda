/** Wavelengths of the filters, in pixels: 6, 12, 24 and 48. */
const SCALES = 4, SHORTEST = 6, RATIO = 2;
/** Directions, 45 degrees apart. */
const ORIENTATIONS = 4;
/** Width of a filter over its frequency, and of a direction over the step between two. */
const BANDWIDTH = 0.55, ANGULAR = 1.2;
/** Low-pass of Butterworth's kind, against the corners of the spectrum: cutoff in cycles a pixel, order. */
const CUTOFF = 0.45, ORDER = 15;

/** The filters of one direction, in the order of the Fourier coefficients. */
export interface LogGaborBank {
  /** One filter a scale, finest first; every value is real, half of the plane nearly zero. `[scales][H, W]` */
  readonly filters: readonly Float64Array[];
  /** Sum of squares of the finest. */
  readonly power: number;
  /** Sum over the plane of the squared sum of all scales' even parts: what white noise leaves in their sum. */
  readonly evenPower: number;
}

/**
 * Build log-Gabor filters (Field 1987; constants of Zhang, Zhang, Mou and Zhang 2011) in the frequency domain.
 *
 * @param height Rows of the plane.
 * @param width Columns of the plane.
 * @returns One bank a direction.
 */
export function logGaborBanks(height: number, width: number): readonly LogGaborBank[] {
  if (known?.height === height && known.width === width) return known.banks;
  const rows = frequencies(height), columns = frequencies(width);
  const radial = Array.from({ length: SCALES }, (_, scale) => radialFilter(rows, columns, SHORTEST * RATIO ** scale));
  const banks = Array.from({ length: ORIENTATIONS }, (_, o) => {
    const spread = angularFilter(rows, columns, o * Math.PI / ORIENTATIONS);
    const filters = radial.map((filter) => filter.map((value, i) => value * spread[i]));
    const power = filters[0].reduce((sum, value) => sum + value * value, 0);
    return { filters, power, evenPower: evenPower(filters, height, width) };
  });
  known = { height, width, banks };
  return banks;
}

/** Filters depend on the size alone, and sets have one size. */
let known: { height: number; width: number; banks: readonly LogGaborBank[] } | undefined;

/** Frequency of every coefficient, in cycles a pixel as the authors count them: an odd side runs from -0.5 to 0.5. */
function frequencies(n: number): Float64Array {
  const steps = n % 2 === 1 ? Math.max(n - 1, 1) : n, half = Math.floor((n - 1) / 2);
  return Float64Array.from({ length: n }, (_, k) => (k <= half ? k : k - n) / steps);
}

function radialFilter(rows: Float64Array, columns: Float64Array, wavelength: number): Float64Array {
  const filter = new Float64Array(rows.length * columns.length), spread = 2 * Math.log(BANDWIDTH) ** 2;
  for (let i = 1; i < filter.length; i++) { // the constant stays zero
    const radius = Math.hypot(rows[Math.floor(i / columns.length)], columns[i % columns.length]);
    const pass = 1 / (1 + (radius / CUTOFF) ** (2 * ORDER));
    filter[i] = Math.exp(-(Math.log(radius * wavelength) ** 2) / spread) * pass;
  }
  return filter;
}

function angularFilter(rows: Float64Array, columns: Float64Array, angle: number): Float64Array {
  const sigma = Math.PI / ORIENTATIONS / ANGULAR, cosine = Math.cos(angle), sine = Math.sin(angle);
  return Float64Array.from({ length: rows.length * columns.length }, (_, i) => {
    const x = columns[i % columns.length], y = -rows[Math.floor(i / columns.length)]; // upwards
    const gap = Math.atan2(y * cosine - x * sine, x * cosine + y * sine);
    return Math.exp(-gap * gap / (2 * sigma * sigma));
  });
}

/** By Parseval, the sum of squares of the real parts of all scales' impulse responses, summed, times the size. */
function evenPower(filters: readonly Float64Array[], height: number, width: number): number {
  const total = filters[0].map((_, i) => filters.reduce((sum, filter) => sum + filter[i], 0));
  let power = 0;
  for (let y = 0; y < height; y++) {
    const mirrored = (height - y) % height * width;
    for (let x = 0; x < width; x++) {
      power += ((total[y * width + x] + total[mirrored + (width - x) % width]) / 2) ** 2;
    }
  }
  return power;
}
