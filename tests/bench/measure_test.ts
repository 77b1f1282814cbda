import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { EngineError, StoppedError } from "../../lib/core/mod.ts";
import { measureInTurns, type Measurement, requireAgreement } from "../../lib/cli/bench/measure.ts";
import { benchCells, benchRows } from "../../lib/cli/bench/rows.ts";
import type { Runner } from "../../lib/cli/bench/runner.ts";

/** Takes the given times and notes its turns. */
function runner(name: string, times: readonly number[], turns: string[] = []): { name: string; runner: Runner } {
  let at = 0;
  return {
    name,
    runner: {
      run: () => {
        turns.push(name);
        return Promise.resolve({ ms: times[Math.min(at++, times.length - 1)], loss: 1, gradientNorm: 2 });
      },
      close: () => Promise.resolve(),
    },
  };
}

function measurement(name: string, loss: number, gradientNorm: number, bestMs = 1): Measurement {
  return { name, first: { ms: 9, loss, gradientNorm }, bestMs, turns: 3 };
}

Deno.test("measureInTurns() alternates and keeps the shortest step after the first", async () => {
  const turns: string[] = [];
  const measured = await measureInTurns([runner("a", [1, 30, 20, 25], turns), runner("b", [50, 5], turns)], 3);
  assertEquals(turns.join(""), "abababab");
  assertEquals(measured.map(({ bestMs }) => bestMs), [20, 5]);
  assertEquals(measured.map(({ turns }) => turns), [3, 3]);
  assertEquals(measured[0].first.ms, 1);
});

Deno.test("measureInTurns() gives a slow contender three steps", async () => {
  const measured = await measureInTurns([runner("slow", [4000]), runner("fast", [4])], 6);
  assertEquals(measured.map(({ turns }) => turns), [3, 6]);
});

Deno.test("measureInTurns() stops at a signal", async () => {
  await assertRejects(
    () => measureInTurns([runner("a", [1])], 3, { signal: AbortSignal.abort() }),
    StoppedError,
    "Stopped",
  );
});

Deno.test("requireAgreement() compares with the last contender, relatively", () => {
  const agreed = requireAgreement([measurement("a", 1.0005, 2), measurement("b", 1, 2.001), measurement("c", 1, 2)]);
  assertAlmostEquals(agreed, 5e-4, 1e-9);
  assertThrows(
    () => requireAgreement([measurement("a", 1, 2.01), measurement("PyTorch", 1, 2)]),
    EngineError,
    "a must have the gradientNorm of PyTorch, 2: current value is 2.01",
  );
  assertThrows(() => requireAgreement([measurement("a", NaN, 2), measurement("b", 1, 2)]), EngineError);
});

Deno.test("requireAgreement() takes the tolerance of the work, and exact zeros", () => {
  const of = (name: string, ssim: number, zero = 0) => ({ name, first: { ms: 9, ssim, zero }, bestMs: 1, turns: 3 });
  assertAlmostEquals(requireAgreement([of("", 1.004), of("peer", 1)], 5e-3), 4e-3, 1e-9);
  assertThrows(() => requireAgreement([of("", 1.006), of("peer", 1)], 5e-3), EngineError, "ours must have the ssim");
  assertThrows(() => requireAgreement([of("", 1, 1e-9), of("peer", 1)], 5e-3), EngineError, "the zero of peer, 0");
  const byName = (number: string) => number === "ssim" ? 1e-2 : 0;
  assertAlmostEquals(requireAgreement([of("", 1.006), of("peer", 1)], byName), 6e-3, 1e-9);
});

Deno.test("benchRows() divides our time by the peer's, and by nothing without one", () => {
  const ours = [measurement("traced", 1, 2, 50)], peer = measurement("PyTorch 2", 1, 2, 100);
  const step = { title: "sft", amount: 1, unit: "step" as const };
  const row = { name: "sft traced", ours: 50, peer: 100, unit: "ms/step", ratio: 0.5, against: "PyTorch 2" } as const;
  assertEquals(benchRows(step, ours, peer), [row]);
  const alone = benchRows(step, ours);
  assertEquals(alone, [{ ...row, peer: null, ratio: null, against: null }]);
  assertEquals(benchCells(alone), [["sft traced", "50.0", "–", "ms/step", "20.0", "–", "–"]]);
});

Deno.test("benchRows() gives the time of one image or megapixel, and says what the peer stands in for", () => {
  const facts = { title: "metrics", amount: 4, unit: "megapixel" as const, standsFor: "BasicSR" };
  const [row] = benchRows(facts, [measurement("", 1, 2, 100)], measurement("SciPy", 1, 2, 200));
  const against = "SciPy: a stand-in for BasicSR";
  assertEquals(row, { name: "metrics", ours: 25, peer: 50, unit: "ms/megapixel", ratio: 0.5, against });
});
