import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { holm, mean, spread, standardDeviation, studentCdf, studentQuantile } from "asasr/experiment/statistics/mod.ts";

Deno.test("spread() gives mean and n - 1 standard deviation", () => {
  assertEquals(spread([1, 2, 3, 4]), { mean: 2.5, sd: Math.sqrt(5 / 3), count: 4 });
  assert(Number.isNaN(standardDeviation([3])));
  assertThrows(() => mean([]), RangeError, "Cannot average values");
});

Deno.test("studentQuantile() matches published tables", () => {
  // Two-sided 5 % points of Student's t (Fisher and Yates 1963, Table III).
  for (const [freedom, value] of [[1, 12.706], [2, 4.303], [4, 2.776], [10, 2.228], [30, 2.042], [120, 1.980]]) {
    assertAlmostEquals(studentQuantile(0.975, freedom), value, 6e-4);
    assertAlmostEquals(studentQuantile(0.025, freedom), -value, 6e-4);
  }
});

Deno.test("studentCdf() is Cauchy's at one degree and inverts the quantile", () => {
  for (const t of [-7, -0.3, 0, 0.9, 40]) {
    assertAlmostEquals(studentCdf(t, 1), 0.5 + Math.atan(t) / Math.PI, 1e-12);
  }
  for (const p of [0.001, 0.2, 0.5, 0.9, 0.9999]) {
    assertAlmostEquals(studentCdf(studentQuantile(p, 3.7), 3.7), p, 1e-10);
  }
  assertEquals([studentCdf(Infinity, 3), studentCdf(-Infinity, 3)], [1, 0]);
  assertThrows(() => studentCdf(1, 0), RangeError, "current value is 0");
  assertThrows(() => studentQuantile(1, 3), RangeError, "current value is 1");
});

Deno.test("holm() steps down and never reverses the order", () => {
  // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm"), R 4: 0.03, 0.06, 0.06, 0.02.
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((value, i) => assertAlmostEquals(corrected[i], value, 1e-12));
  assertEquals(holm([0.9, 0.8]), [1, 1]);
  assertEquals(holm([]), []);
  assertThrows(() => holm([0.1, NaN]), RangeError, "current value is NaN");
});
