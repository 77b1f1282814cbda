import { assertEquals } from "@std/assert";
import { appendReport, type CurveData, tailMean, thinCurve } from "../../lib/experiment/curves.ts";

function curveOf(losses: number[]): CurveData {
  const curve: CurveData = { steps: [], values: {} };
  losses.forEach((loss, i) => appendReport(curve, { step: i + 1, steps: losses.length, loss }));
  return curve;
}

Deno.test("appendReport() keeps every number under its name", () => {
  assertEquals(curveOf([3, 2]), { steps: [1, 2], values: { loss: [3, 2] } });
});

Deno.test("tailMean() averages the last values", () => {
  assertEquals(tailMean(curveOf([9, 1, 3]), "loss", 2), 2);
});

Deno.test("thinCurve() averages equal stretches and keeps the last step", () => {
  assertEquals(thinCurve(curveOf([1, 3, 5, 7, 9]), 3), { steps: [2, 4, 5], values: { loss: [2, 6, 9] } });
  assertEquals(thinCurve(curveOf([1, 2]), 3), { steps: [1, 2], values: { loss: [1, 2] } });
});
