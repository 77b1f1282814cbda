import type { StepReport } from "../core/mod.ts";

/** The numbers of a training, step by step. */
export interface CurveData {
  readonly steps: number[];
  readonly values: Record<string, number[]>;
}

/** Adds what a trainer reported after a step. */
export function appendReport(curve: CurveData, { step, steps: _, ...numbers }: StepReport): void {
  curve.steps.push(step);
  for (const [name, value] of Object.entries(numbers)) (curve.values[name] ??= []).push(value);
}

/** Mean of the last `window` values of a number; NaN if it was never reported. */
export function tailMean(curve: CurveData, name: string, window: number): number {
  const tail = (curve.values[name] ?? []).slice(-window);
  return tail.reduce((sum, value) => sum + value, 0) / tail.length;
}

/** Thins a curve to at most `most` points for the report: means over equal stretches, placed at their last step. */
export function thinCurve(curve: CurveData, most = 200): CurveData {
  const stride = Math.ceil(curve.steps.length / most);
  if (stride <= 1) return curve;
  const ends = Array.from(
    { length: Math.ceil(curve.steps.length / stride) },
    (_, i) => Math.min((i + 1) * stride, curve.steps.length),
  );
  const mean = (xs: number[], end: number, i: number) => {
    const part = xs.slice(i * stride, end);
    return part.reduce((sum, x) => sum + x, 0) / part.length;
  };
  return {
    steps: ends.map((end) => curve.steps[end - 1]),
    values: Object.fromEntries(
      Object.entries(curve.values).map(([name, xs]) => [name, ends.map((end, i) => mean(xs, end, i))]),
    ),
  };
}
