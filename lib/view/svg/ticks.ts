import { formatFixed, formatTick } from "../numbers.ts";
import type { Scale } from "./scale.ts";

/** A named place on an axis. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * Name the ticks of a scale, all in one style: with as many decimals each where they are evenly spaced, as powers of ten
 * where they are such and one of them is very large or small.
 */
export function tickTexts({ ticks }: Pick<Scale, "ticks">): Tick[] {
  const extreme = ticks.some((tick) => tick !== 0 && (Math.abs(tick) >= 1e5 || Math.abs(tick) < 1e-3));
  if (extreme) {
    const powers = ticks.every((tick) => tick > 0 && Number.isInteger(Math.log10(tick)));
    return ticks.map((at) => ({ at, text: formatTick(at, powers) }));
  }
  const decimals = Math.max(0, ...ticks.map((tick) => String(tick).split(".")[1]?.length ?? 0));
  return ticks.map((at) => ({ at, text: at !== 0 && isEven(ticks) ? formatFixed(at, decimals) : formatTick(at) }));
}

function isEven(ticks: readonly number[]): boolean {
  const step = ticks[1] - ticks[0];
  return ticks.length > 1 && ticks.every((tick, i) => i === 0 || Math.abs(tick - ticks[i - 1] - step) < 1e-6 * step);
}
