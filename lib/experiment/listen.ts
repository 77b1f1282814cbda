import type { RunEvent } from "./events.ts";

/**
 * Turns a task that reports through a callback into run events.
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
  while (!finished) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (finished || latest) resolve();
    });
    if (latest) {
      yield { kind: "step", label, ...latest, numbers: {} };
      latest = undefined;
    }
  }
  return await running;
}
