import { formatDuration, type ProgressMeter, progressMeter } from "../../core/mod.ts";
import { oneLine } from "../../engine/mod.ts";
import type { RunEvent } from "../../experiment/mod.ts";
import { progressLine, progressText } from "./progress_line.ts";
import { truncate } from "./width.ts";

/** Where progress is drawn. */
export interface TerminalTarget {
  /** Put text out as it is. */
  readonly write: (text: string) => void;
  /** Whether a line can be redrawn in place. */
  readonly interactive: boolean;
  /** Columns of a line. */
  readonly width: () => number;
  /** Clock in milliseconds. */
  readonly now: () => number;
  /** Milliseconds between two lines of a log; 10,000 by default. */
  readonly logMs?: number;
}

/** Draws the events of a run. Disposing it clears an unfinished line, so that a message stands on its own. */
export interface TerminalProgress extends Disposable {
  /** Draw an event. */
  readonly draw: (event: RunEvent) => void;
  /** The run is done: so is its last stage. */
  readonly end: () => void;
}

const REDRAW_MS = 100;

/**
 * Draw the events of a run in a terminal: one line that is redrawn in place, and a line for every stage that is done. In
 * a log, where nothing can be redrawn, a line every ten seconds, or as often as `ASASR_LOG_SECONDS` says.
 */
export function terminalProgress(target: TerminalTarget = standardOutput()): TerminalProgress {
  const { write, interactive, width, now, logMs = 10_000 } = target;
  let open: { prefix: string; label: string; startedAt: number } | undefined;
  let meter: { label: string; steps: number; measure: ProgressMeter } | undefined;
  let drawnAt = -Infinity, lineOpen = false;

  const erase = () => {
    if (lineOpen) write("\r\x1b[2K");
    lineOpen = false;
  };
  const print = (text: string) => {
    erase();
    write(`${oneLine(text)}\n`);
  };
  const close = () => {
    if (open) print(`✓ ${open.prefix}${open.label}  ${formatDuration((now() - open.startedAt) / 1000)}`);
    open = meter = undefined;
  };
  const redraw = (text: string) => {
    erase();
    write(truncate(text, width() - 1)); // a line that wraps could not be erased
    lineOpen = true;
    drawnAt = now();
  };

  const drawStep = ({ label, step, steps, numbers }: RunEvent & { kind: "step" }) => {
    if (meter?.label !== label || meter.steps !== steps) {
      meter = { label, steps, measure: progressMeter(steps, { done: step, now }) };
      drawnAt = interactive ? -Infinity : now();
    }
    const progress = meter.measure(step);
    if (now() - drawnAt < (interactive ? REDRAW_MS : logMs) && (step < steps || !interactive)) return;
    const note = { label, numbers, prefix: open?.prefix ?? "" };
    if (interactive) return redraw(progressLine(progress, note, width() - 1));
    print(progressText(progress, note));
    drawnAt = now();
  };

  return {
    draw(event) {
      switch (event.kind) {
        case "stage": {
          close();
          const prefix = `[${event.index}/${event.count}] `;
          if (event.cached) return print(`✓ ${prefix}${event.label}  kept`);
          open = { prefix, label: event.label, startedAt: now() };
          return interactive ? redraw(`${prefix}${event.label} …`) : print(`${prefix}${event.label} …`);
        }
        case "step":
          return drawStep(event);
        case "strip":
          return print(`  strip: ${event.path}`);
        case "note":
          return print(`  ${event.text}`);
      }
    },
    end: close,
    [Symbol.dispose]: erase,
  };
}

function standardOutput(): TerminalTarget {
  const encoder = new TextEncoder();
  return {
    write: (text) => void Deno.stdout.writeSync(encoder.encode(text)),
    interactive: Deno.stdout.isTerminal(),
    width: () => Deno.consoleSize().columns || 80, // some terminals do not tell
    now: () => performance.now(),
    logMs: 1000 * (Number(Deno.env.get("ASASR_LOG_SECONDS")) || 10),
  };
}
