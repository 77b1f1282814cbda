import type { RunEvent } from "./events.ts";

/**
 * Turns a task that reports through a callback into run events: the latest report, whenever the consumer asks.
 *
 * @param task Gets a callback for (steps done, steps in all).
 * @returns What the task resolves to.
 */
export async function* listen<T>(
  label: string,
  task: (onStep: (done: number, total: number) => void) => Promise<T>,
): AsyncGenerator<RunEvent, T> {
  let wake = () => {};
  let latest: { step: number; steps: number } | undefined;
  let finished = false;
  const running = task((step, steps) => {
    latest = { step, steps };
    wake();
  }).finally(() => {
    finished = true;
    wake();
  });
  running.catch(() => {}); // awaited below, after the last event
  while (true) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (finished || latest) resolve();
    });
    if (!latest) return await running;
    const event = { kind: "step" as const, label, ...latest, numbers: {} };
    latest = undefined; // before the event goes out: the task may report again while it is drawn
    yield event;
  }
}
