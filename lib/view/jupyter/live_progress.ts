import { type Progress, type ProgressMeter, progressMeter, type StepReport } from "../../core/mod.ts";
import { escapeMarkup } from "../markup.ts";
import { palette } from "../palette.ts";
import { progressText, reportNumbers } from "../terminal/progress_line.ts";
import type { MediaBundle } from "./displayable.ts";
import { type LiveDisplay, liveDisplay } from "./live.ts";

/** Progress of a training inside a notebook cell. */
export interface LiveProgress {
  /** Take what a trainer yields; redraws at most four times a second, and always after the last step. */
  readonly report: (report: StepReport) => Promise<void>;
}

const INTERVAL_MS = 250;

/**
 * Show the progress of a training in one output that is updated in place: a bar, the rate, the time left and the numbers
 * of the last step.
 *
 * @param label What is training.
 * @param options `display`: where to draw; `now`: clock in milliseconds.
 */
export function liveProgress(
  label: string,
  { display = liveDisplay(), now = () => performance.now() }: {
    readonly display?: LiveDisplay;
    readonly now?: () => number;
  } = {},
): LiveProgress {
  let meter: ProgressMeter | undefined, drawnAt = -Infinity;
  return {
    async report(report) {
      const { step, steps } = report;
      meter ??= progressMeter(steps, { done: step, now });
      const progress = meter(step);
      if (step < steps && now() - drawnAt < INTERVAL_MS) return;
      drawnAt = now();
      await display.update(progressBundle(label, progress, reportNumbers(report)));
    },
  };
}

function progressBundle(label: string, progress: Progress, numbers: Readonly<Record<string, number>>): MediaBundle {
  const text = progressText(progress, { label, numbers });
  return {
    "text/plain": text,
    "text/html": `${barHtml(progress.done / progress.total)}<div style="font:13px system-ui,sans-serif">` +
      `${escapeMarkup(text)}</div>`,
  };
}

/** A bar of progress. */
export function barHtml(share: number): string {
  return `<div style="height:6px;max-width:640px;border-radius:3px;background:#e4e7eb;margin:4px 0">` +
    `<div style="height:6px;border-radius:3px;background:${palette[0]};width:${
      (100 * share).toFixed(1)
    }%"></div></div>`;
}
