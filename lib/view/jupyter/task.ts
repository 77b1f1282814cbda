import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBytes } from "../../core/mod.ts";
import { escapeMarkup } from "../markup.ts";
import type { MediaBundle } from "./displayable.ts";
import { type LiveDisplay, liveDisplay } from "./live.ts";
import { barHtml } from "./live_progress.ts";

/** A task of the project that runs beside a notebook, in a process of its own. */
export interface RunningTask {
  /** Number of its process. */
  readonly pid: number;
  /** The file that holds what it prints; it is there when the kernel is gone. */
  readonly log: string;
  /**
   * Show its progress and last lines in one output, until it ends or some seconds have passed.
   *
   * @returns Its exit code; null if it still runs.
   */
  readonly watch: (options?: { readonly seconds?: number }) => Promise<number | null>;
  /**
   * Ask it to stop cleanly, as Ctrl-C does, and wait until it has.
   *
   * @returns Its exit code: 75 where the same command goes on from there.
   */
  readonly stop: () => Promise<number>;
}

/** How a task is started. */
export interface TaskOptions {
  /** File for what it prints; its folder is made. */
  readonly log: string;
  /** Where its progress is drawn. */
  readonly display?: () => LiveDisplay;
}

/** A second Ctrl-C, as shells count it; also for a process that a signal ended. */
const KILLED = 130;
const INTERVAL_MS = 250, LINES = 8;

/**
 * Start a task of the project and go on at once: `startTask(["ablation", "--only", "fig7"], { log: "../runs/fig7.log" })`.
 *
 * An interrupted cell takes the Deno kernel with it. The task has a session of its own, so it outlives the kernel, and
 * {@link RunningTask.stop} ends it at a place from which the same command goes on.
 *
 * @param task What follows `deno task`.
 * @throws {Deno.errors.NotFound} If the log cannot be written there.
 */
export function startTask(task: readonly string[], options: TaskOptions): RunningTask {
  const { log, display = liveDisplay } = options;
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, "w");
  const child = spawn(Deno.execPath(), ["task", ...task], {
    cwd: join(import.meta.dirname!, "../../.."),
    stdio: ["ignore", file, file],
    detached: true,
    env: { ...Deno.env.toObject(), NO_COLOR: "1", ASASR_LOG_SECONDS: "1" },
  });
  closeSync(file);
  let code: number | null = null;
  const ended = new Promise<number>((resolve) => child.once("exit", (status) => resolve(code = status ?? KILLED)));
  const text = async () => new TextDecoder().decode(await readBytes(log));
  return {
    pid: child.pid!,
    log,
    async watch({ seconds = Infinity } = {}) {
      const until = performance.now() + 1000 * seconds, output = display();
      for (let drawn = ""; code === null && performance.now() < until;) {
        const printed = await text();
        if (printed !== drawn) await output.update(taskBundle(drawn = printed));
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, INTERVAL_MS))]);
      }
      await output.update(taskBundle(await text()));
      return code;
    },
    async stop() {
      if (code === null) Deno.kill(child.pid!, "SIGTERM");
      return await ended;
    },
  };
}

/** A line of progress, such as `✓ [3/9] SFT, seed 0  12 s`, or one that says why it ended. */
const TOLD = /^(✓ )?\[(\d+)\/(\d+)\]|^error|^Stop/;

/** The last such lines of a log, under a bar for the place in the plan. */
function taskBundle(printed: string): MediaBundle {
  const lines = printed.split("\n").filter((line) => TOLD.test(line)).slice(-LINES);
  const [, , done, total] = lines.findLast((line) => line.includes("["))?.match(TOLD) ?? [];
  const text = lines.join("\n") || "starting";
  return {
    "text/plain": text,
    "text/html": `${barHtml(total ? Number(done) / Number(total) : 0)}<pre style="font-size:12px;line-height:1.4">` +
      `${escapeMarkup(text)}</pre>`,
  };
}
