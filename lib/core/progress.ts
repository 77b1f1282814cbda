/** What a trainer yields after each optimizer step: the numbers it measured, under their names. */
export interface StepReport {
  /** Steps done, from 1. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** A number by its name, such as `loss`. */
  readonly [number: string]: number;
}

/** How far a task is and how fast it goes. */
export interface Progress {
  /** Units done. */
  readonly done: number;
  /** Units in all. */
  readonly total: number;
  /** Units a second over the last samples; null until two samples differ. */
  readonly perSecond: number | null;
  /** Seconds left at that rate; null while the rate is unknown. */
  readonly secondsLeft: number | null;
  /** Seconds since the meter was made. */
  readonly elapsedSeconds: number;
}

/** Takes the count of units done and estimates the rest. */
export type ProgressMeter = (done: number) => Progress;

const WINDOW = 32;

/**
 * Make a meter of progress. The rate is that of the last 32 samples, so a slow first step (tracing, warming up) is soon
 * forgotten.
 *
 * @param total Units in all.
 * @param options `done`: units done before the meter starts, as in a resumed run; `now`: clock in milliseconds.
 * @returns A function to call after each unit.
 */
export function progressMeter(total: number, options: { done?: number; now?: () => number } = {}): ProgressMeter {
  const now = options.now ?? (() => performance.now());
  const start = now();
  const samples = [{ at: start, done: options.done ?? 0 }];
  return (done) => {
    const at = now();
    samples.push({ at, done });
    if (samples.length > WINDOW) samples.shift();
    const elapsed = (at - samples[0].at) / 1000, units = done - samples[0].done;
    const perSecond = elapsed > 0 && units > 0 ? units / elapsed : null;
    const secondsLeft = perSecond === null ? null : Math.max(0, total - done) / perSecond;
    return { done, total, perSecond, secondsLeft, elapsedSeconds: (at - start) / 1000 };
  };
}

/**
 * Write a duration for people: "0.4 s", "12 s", "3 min 05 s", "1 h 02 min", "2 d 03 h".
 *
 * @param seconds At least 0.
 * @returns At most two units; "unknown" if `seconds` is null or not finite.
 */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "unknown";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}
