import { assert, assertEquals, assertThrows } from "@std/assert";
import { healthGate } from "../../lib/asdpo/mod.ts";

Deno.test("healthGate() closes once a full window exceeds the limit, and stays closed", () => {
  const judge = healthGate({ limit: 0.01, window: 3 });
  const verdicts = [0.02, 0.02, -0.02, 0.02, 0.05, -1, -1].map((gap) => judge(gap).healthy);
  assertEquals(verdicts, [true, true, true, true, false, false, false]);
});

Deno.test("healthGate() reports the mean over its window", () => {
  const judge = healthGate({ window: 2 });
  assertEquals([1, 3, 5].map((gap) => judge(gap).winnerGapMean), [1, 2, 4]);
});

Deno.test("healthGate() with the history of a run judges as if it had not stopped", () => {
  const gaps = [0.004, 0.02, 0.03, 0.001, 0.002, 0.0];
  const whole = healthGate({ limit: 0.01, window: 3 });
  const expected = gaps.map((gap) => whole(gap));
  const resumed = healthGate({ limit: 0.01, window: 3, history: gaps.slice(0, 4) });
  assertEquals(gaps.slice(4).map((gap) => resumed(gap)), expected.slice(4));
});

Deno.test("healthGate() refuses limits and windows that are none", () => {
  assertThrows(() => healthGate({ limit: 0 }), RangeError, "limit");
  assertThrows(() => healthGate({ window: 1.5 }), RangeError, "window");
  assert(healthGate()(0.5).healthy);
});
