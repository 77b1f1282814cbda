import { assertEquals } from "@std/assert";
import {
  AsasrError,
  DataError,
  EngineError,
  formatDuration,
  InputOutputError,
  LockedError,
  progressMeter,
  RefusedError,
  StoppedError,
  TrainingError,
  UsageError,
} from "../../lib/core/mod.ts";

Deno.test("progressMeter() estimates rate and time left, and forgets a slow start", () => {
  let clock = 1000;
  const meter = progressMeter(100, { now: () => clock });
  assertEquals(meter(0).perSecond, null);
  clock += 60_000; // the first step traces
  assertEquals(meter(1), { done: 1, total: 100, perSecond: 1 / 60, secondsLeft: 99 * 60, elapsedSeconds: 60 });
  let last = meter(1);
  for (let done = 2; done <= 60; done++) {
    clock += 500;
    last = meter(done);
  }
  assertEquals([last.perSecond, last.secondsLeft, last.elapsedSeconds], [2, 20, 89.5]);
});

Deno.test("progressMeter() of a resumed task counts only what was done since", () => {
  let clock = 0;
  const meter = progressMeter(100, { done: 90, now: () => clock });
  clock = 1000;
  assertEquals(meter(92).secondsLeft, 4);
});

Deno.test("formatDuration() writes at most two units", () => {
  const texts: [number | null, string][] = [
    [0, "0.0 s"],
    [0.44, "0.4 s"],
    [9.96, "10 s"],
    [59.6, "1 min 00 s"],
    [185, "3 min 05 s"],
    [3599.7, "1 h 00 min"],
    [3725, "1 h 02 min"],
    [86_399, "1 d 00 h"],
    [183_600, "2 d 03 h"],
    [null, "unknown"],
    [Infinity, "unknown"],
  ];
  for (const [seconds, text] of texts) assertEquals(formatDuration(seconds), text);
});

Deno.test("every error has its name, message and exit code", () => {
  const codes = new Map<typeof AsasrError, number>([
    [UsageError, 64],
    [DataError, 65],
    [EngineError, 69],
    [TrainingError, 70],
    [LockedError, 73],
    [InputOutputError, 74],
    [StoppedError, 75],
    [RefusedError, 78],
  ]);
  for (const [Type, code] of codes) {
    const error = new Type("why", { cause: 1 });
    assertEquals([error.name, error.message, error.exitCode, error.cause], [Type.name, "why", code, 1]);
    assertEquals(error instanceof AsasrError, true);
  }
});
