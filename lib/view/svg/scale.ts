/** Maps values of an axis to pixels and knows where its ticks are. */
export interface Scale {
  /** Pixel of a value. */
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
  /** Whether a value can be placed: finite, and positive on a log scale. */
  readonly holds: (value: number) => boolean;
}

/** Ends of an axis in values and in pixels. */
export interface ScaleRange {
  readonly values: readonly [number, number];
  readonly pixels: readonly [number, number];
}

/**
 * Make a linear scale with ticks at multiples of 1, 2 or 5 times a power of ten.
 *
 * @param wanted About how many ticks.
 */
export function linearScale({ values, pixels }: ScaleRange, wanted: number): Scale {
  const [from, to] = values, slope = (pixels[1] - pixels[0]) / (to - from);
  const low = Math.min(from, to), high = Math.max(from, to);
  const step = niceStep((high - low) / wanted);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return {
    place: (value) => pixels[0] + (value - from) * slope,
    // Multiplying by an integer keeps 0.3 from becoming 0.30000000000000004 where it can be avoided.
    ticks: Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * step)),
    holds: Number.isFinite,
  };
}

/**
 * Make a logarithmic scale with ticks at powers of ten, or at 1, 2 and 5 times them where there are few.
 *
 * @param wanted About how many ticks.
 */
export function logScale({ values, pixels }: ScaleRange, wanted: number): Scale {
  const [from, to] = values.map(Math.log10), slope = (pixels[1] - pixels[0]) / (to - from);
  const low = Math.min(from, to), high = Math.max(from, to);
  const decades = Math.floor(high + 1e-9) - Math.ceil(low - 1e-9) + 1;
  const every = Math.max(1, Math.ceil(decades / wanted));
  const factors = decades <= 2 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    if (power % every !== 0) continue;
    ticks.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  }
  return {
    place: (value) => pixels[0] + (Math.log10(value) - from) * slope,
    ticks: ticks.filter((tick) => Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9),
    holds: (value) => Number.isFinite(value) && value > 0,
  };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((nice) => nice * power >= rough * 0.999)!;
  return factor * power;
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}
