import { formatDuration, type Progress, type StepReport } from "../../core/mod.ts";
import { truncate } from "./width.ts";

/** What a line of progress says beside the progress itself. */
export interface ProgressNote {
  /** What is under way. */
  readonly label: string;
  /** Numbers of the last step. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Text before everything, such as the place in a plan. */
  readonly prefix?: string;
}

/** Numbers worth a place in a line, in this order. */
const SHOWN: Readonly<Record<string, string>> = {
  loss: "loss",
  winnerGap: "winner",
  loserGap: "loser",
  accuracy: "acc",
  gradientNorm: "|g|",
};

/** Say progress in words: phase, step, share, rate, time left and the numbers of the last step. */
export function progressText(progress: Progress, { label, numbers = {}, prefix = "" }: ProgressNote): string {
  const { done, total, perSecond, secondsLeft } = progress;
  const measured = Object.entries(SHOWN).filter(([name]) => name in numbers)
    .map(([name, short]) => `${short} ${compact(numbers[name])}`);
  return [
    `${prefix}${label}  ${done}/${total} (${Math.floor(100 * done / total)} %)`,
    ...(perSecond === null ? [] : [`${compact(perSecond)}/s`]),
    ...(done < total ? [`${formatDuration(secondsLeft)} left`] : []),
    ...measured,
  ].join("  ");
}

/** Draw progress as one line of a terminal: a bar and {@link progressText}, cut to the width. */
export function progressLine(progress: Progress, note: ProgressNote, width: number): string {
  const cells = 16, filled = Math.round(cells * progress.done / Math.max(progress.total, 1));
  const bar = "█".repeat(filled) + "░".repeat(cells - filled);
  return truncate(`${bar} ${progressText(progress, note)}`, width);
}

/** The numbers of a report, without its step. */
export function reportNumbers(report: StepReport): Record<string, number> {
  return Object.fromEntries(Object.entries(report).filter(([name]) => name !== "step" && name !== "steps"));
}

function compact(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  return magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e5)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}
