/**
 * Unit of the frequency of the DCT index k along an axis of length N: the index k itself (`index`), radians a pixel pi k/N
 * (`rad`), k/N (`unit`), or cycles a pixel k/2N (`cyc`). The paper writes integer frequencies (Eq. 4): `index`.
 */
export type FrequencyUnit = "index" | "rad" | "unit" | "cyc";

/** Which frequencies the weights are made of, and their scale. */
export interface WeightOptions {
  /** Unit of the frequencies; "index" by default. */
  readonly unit?: FrequencyUnit;
  /** "raw" as Eq. 4 has them (the default), or divided by their mean over all frequencies. */
  readonly normalise?: "raw" | "mean";
}

const FACTORS: Readonly<Record<FrequencyUnit, (size: number) => number>> = {
  index: () => 1,
  rad: (size) => Math.PI / size,
  unit: (size) => 1 / size,
  cyc: (size) => 1 / (2 * size),
};

const cache = new Map<string, Float64Array>();

/**
 * Weigh the frequencies of a plane: (1 + |w|^2)^s (Eq. 4).
 *
 * @param H Rows, at least 1.
 * @param W Columns, at least 1.
 * @param s Sobolev index; -s gives the eigenvalues of Sigma_s (Eq. 12), -s/2 those of its root.
 * @param options Unit and scale.
 * @returns `H * W` doubles, row-major, the constant at [0, 0]. Shared between callers, so not to be written.
 * @throws {RangeError} If a size is not a positive integer, `s` is not finite or the unit is unknown.
 */
export function sobolevWeights(H: number, W: number, s: number, options: WeightOptions = {}): Float64Array {
  const { unit = "index", normalise = "raw" } = options;
  const key = `${H} ${W} ${s} ${unit} ${normalise}`;
  let weights = cache.get(key);
  if (weights === undefined) {
    check(H, W, s, unit);
    weights = normalise === "raw" ? rawWeights(H, W, s, unit) : divideByMean(rawWeights(H, W, s, unit));
    cache.set(key, weights);
  }
  return weights;
}

function rawWeights(H: number, W: number, s: number, unit: FrequencyUnit): Float64Array {
  const row = FACTORS[unit](H), column = FACTORS[unit](W);
  return Float64Array.from({ length: H * W }, (_, at) => {
    const y = Math.floor(at / W) * row, x = (at % W) * column;
    return (1 + y * y + x * x) ** s;
  });
}

function divideByMean(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

function check(H: number, W: number, s: number, unit: string): void {
  for (const [name, size] of [["H", H], ["W", W]] as const) {
    if (!(Number.isInteger(size) && size > 0)) {
      throw new RangeError(`Cannot weigh frequencies as ${name} must be a positive integer: current value is ${size}`);
    }
  }
  if (!Number.isFinite(s)) throw new RangeError(`Cannot weigh frequencies as s must be finite: current value is ${s}`);
  if (!Object.hasOwn(FACTORS, unit)) {
    throw new RangeError(
      `Cannot weigh frequencies as the unit must be one of ${
        Object.keys(FACTORS).join(", ")
      }: current value is ${unit}`,
    );
  }
}
