/** Complex numbers as two arrays of doubles. */
export interface Complex {
  /** Real parts. */
  readonly re: Float64Array;
  /** Imaginary parts. */
  readonly im: Float64Array;
}

type Plan = (re: Float64Array, im: Float64Array) => void;

const plans = new Map<number, Plan>();

/**
 * Transform complex numbers in place, for any length: by powers of two (Cooley and Tukey 1965), else as a convolution by
 * them (Bluestein 1970).
 *
 * @param re Real parts.
 * @param im Imaginary parts, as many.
 */
export function fft(re: Float64Array, im: Float64Array): void {
  const length = re.length;
  let plan = plans.get(length);
  if (plan === undefined) {
    plan = (length & (length - 1)) === 0 ? powerOfTwoPlan(length) : bluesteinPlan(length);
    plans.set(length, plan);
  }
  plan(re, im);
}

function powerOfTwoPlan(length: number): Plan {
  const { re: cosines, im: sines } = roots(length, length >> 1, (k) => k);
  const reversed = bitReversal(length);
  return (re, im) => {
    for (let i = 0; i < length; i++) {
      const j = reversed[i];
      if (i >= j) continue;
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
    for (let half = 1; half < length; half *= 2) {
      const stride = length / (2 * half);
      for (let start = 0; start < length; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = start + k, b = a + half, c = cosines[k * stride], s = sines[k * stride];
          const oddRe = re[b] * c - im[b] * s, oddIm = re[b] * s + im[b] * c;
          re[b] = re[a] - oddRe;
          im[b] = im[a] - oddIm;
          re[a] += oddRe;
          im[a] += oddIm;
        }
      }
    }
  };
}

function bluesteinPlan(length: number): Plan {
  const padded = 2 ** Math.ceil(Math.log2(2 * length - 1));
  const transform = powerOfTwoPlan(padded);
  const chirp = roots(2 * length, length, (k) => (k * k) % (2 * length));
  const filterRe = new Float64Array(padded), filterIm = new Float64Array(padded);
  for (let k = 0; k < length; k++) {
    for (const at of k === 0 ? [0] : [k, padded - k]) {
      filterRe[at] = chirp.re[k];
      filterIm[at] = -chirp.im[k];
    }
  }
  transform(filterRe, filterIm);
  const workRe = new Float64Array(padded), workIm = new Float64Array(padded);
  return (re, im) => {
    workRe.fill(0);
    workIm.fill(0);
    for (let k = 0; k < length; k++) {
      workRe[k] = re[k] * chirp.re[k] - im[k] * chirp.im[k];
      workIm[k] = re[k] * chirp.im[k] + im[k] * chirp.re[k];
    }
    transform(workRe, workIm);
    for (let k = 0; k < padded; k++) {
      const a = workRe[k], b = workIm[k];
      workRe[k] = a * filterRe[k] - b * filterIm[k];
      workIm[k] = -(a * filterIm[k] + b * filterRe[k]); // conjugate: the inverse is a forward transform between two
    }
    transform(workRe, workIm);
    for (let k = 0; k < length; k++) {
      const a = workRe[k] / padded, b = -workIm[k] / padded;
      re[k] = a * chirp.re[k] - b * chirp.im[k];
      im[k] = a * chirp.im[k] + b * chirp.re[k];
    }
  };
}

/** exp(-2 pi i power(k) / order) for k under `count`. */
function roots(order: number, count: number, power: (k: number) => number): Complex {
  const angle = (_: unknown, k: number): number => -2 * Math.PI * power(k) / order;
  const angles = Float64Array.from({ length: count }, angle);
  return { re: angles.map(Math.cos), im: angles.map(Math.sin) };
}

function bitReversal(length: number): Uint32Array {
  const bits = Math.log2(length);
  return Uint32Array.from({ length }, (_, i) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
    return reversed;
  });
}
