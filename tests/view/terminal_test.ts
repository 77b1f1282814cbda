import { assert, assertEquals } from "@std/assert";
import type { RunEvent } from "asasr/experiment/mod.ts";
import { progressLine, progressText, terminalProgress } from "asasr/view/mod.ts";

const progress = { done: 30, total: 120, perSecond: 4, secondsLeft: 22.5, elapsedSeconds: 8 };

Deno.test("progressText() says phase, step, rate and time left", () => {
  const numbers = { loss: 0.12345, gradientNorm: 2e-4, learningRate: 1 };
  assertEquals(
    progressText(progress, { label: "SFT", numbers }),
    "SFT  30/120 (25 %)  4/s  23 s left  loss 0.123  |g| 2.0e-4",
  );
  const unknown = { ...progress, perSecond: null, secondsLeft: null };
  assertEquals(progressText(unknown, { label: "SFT", prefix: "[1/9] " }), "[1/9] SFT  30/120 (25 %)  unknown left");
});

Deno.test("progressLine() keeps to its width", () => {
  const line = progressLine(progress, { label: "a very long name of a stage" }, 40);
  assertEquals([...line].length, 40);
  assert(line.startsWith("████░░░░") && line.endsWith("…"));
});

/** Collects what is written; the clock stands where it is put. */
function fakeTerminal(interactive: boolean, columns = 80) {
  const written: string[] = [], clock = { now: 0 };
  const target = {
    write: (text: string) => void written.push(text),
    interactive,
    width: () => columns,
    now: () => clock.now,
  };
  return { written, clock, target };
}
const stage = (label: string, cached = false): RunEvent => ({
  kind: "stage",
  stage: label,
  label,
  cached,
  index: 1,
  count: 3,
});
const step = (n: number): RunEvent => ({ kind: "step", label: "SFT", step: n, steps: 10, numbers: { loss: 1 / n } });

Deno.test("terminalProgress() redraws one line and keeps a line for each stage", () => {
  const { written, clock, target } = fakeTerminal(true);
  const drawn = terminalProgress(target);
  drawn.draw(stage("data", true));
  drawn.draw(stage("SFT"));
  for (let n = 1; n <= 10; n++) {
    clock.now += 60;
    drawn.draw(step(n));
  }
  drawn.draw({ kind: "strip", label: "SFT", path: "strips/sft.png" });
  drawn.end();
  const text = written.join("");
  assertEquals(text.split("\n").length, 4); // data, strip, SFT, and nothing after
  assert(text.includes("✓ [1/3] data  kept\n"));
  assert(text.includes("strip: strips/sft.png"));
  assert(text.endsWith("✓ [1/3] SFT  0.6 s\n"));
  const redrawn = written.filter((part) => part.includes("/10")).length;
  assert(redrawn >= 4 && redrawn <= 7, `${redrawn} redraws`);
});

Deno.test("terminalProgress() redraws no line that is longer than a narrow terminal", () => {
  const { written, clock, target } = fakeTerminal(true, 24);
  const drawn = terminalProgress(target);
  drawn.draw(stage("evaluation of an arm with a long name, seed 0"));
  clock.now += 200;
  drawn.draw(step(1));
  const open = written.filter((part) => !part.endsWith("\n") && !part.startsWith("\r"));
  assertEquals(open.map((part) => [...part].length), [23, 23]);
});

Deno.test("terminalProgress() knows no rate before the second step", () => {
  const { written, clock, target } = fakeTerminal(true);
  const drawn = terminalProgress({ ...target, now: () => clock.now += 0.01 }); // as a clock does between two lines
  drawn.draw(stage("SFT"));
  clock.now += 5000; // the first step traces
  drawn.draw(step(1));
  assert(written.at(-1)!.includes("1/10 (10 %)  unknown left"), written.at(-1));
  clock.now += 500;
  drawn.draw(step(2));
  assert(written.at(-1)!.includes("2/s  4.0 s left"), written.at(-1));
});

Deno.test("terminalProgress() shows what a file name would do to the terminal", () => {
  const { written, target } = fakeTerminal(false);
  terminalProgress(target).draw({ kind: "note", text: "photos/\x1b[2J\n\u202egnp.exe: gray converted to RGB" });
  assertEquals(written, ["  photos/\\u001b[2J\\u000a\\u202egnp.exe: gray converted to RGB\n"]);
});

Deno.test("terminalProgress() writes few plain lines into a log", () => {
  const { written, clock, target } = fakeTerminal(false);
  using drawn = terminalProgress(target);
  drawn.draw(stage("SFT"));
  for (let n = 1; n <= 10; n++) {
    clock.now += 3000;
    drawn.draw(step(n));
  }
  drawn.draw({ kind: "note", text: "a note" });
  drawn.end();
  const lines = written.join("").trimEnd().split("\n");
  // deno-lint-ignore no-control-regex -- nothing may move the cursor
  assert(lines.every((line) => !/[\r\x1b]/.test(line)));
  assertEquals(lines.length, 5); // start, two steps, note, end
});

Deno.test("terminalProgress() leaves no half line behind when it is disposed", () => {
  const { written, target } = fakeTerminal(true);
  {
    using drawn = terminalProgress(target);
    drawn.draw(stage("SFT"));
    drawn.draw(step(1));
  }
  assert(written.at(-1)!.includes("\x1b[2K"));
  assert(!written.join("").includes("✓"));
});
