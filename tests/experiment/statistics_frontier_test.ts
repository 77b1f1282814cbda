import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { MetricColumn, Point } from "asasr/experiment/results.ts";
import {
  comparePoints,
  envelopeValue,
  frontierOffsets,
  frontierValue,
  judge,
  judgeClaims,
} from "asasr/experiment/statistics/mod.ts";

const psnr: MetricColumn = {
  name: "psnrDb",
  label: "PSNR",
  unit: "dB",
  better: "higher",
  digits: 2,
  level: "image",
};
const swd: MetricColumn = { name: "swd", label: "SWD", unit: "", better: "lower", digits: 2, level: "set" };
const hf: MetricColumn = { name: "hfRatio", label: "HFR", unit: "", better: "one", digits: 2, level: "set" };

/** A point with the given set values at each seed; its images lie at `psnrDb` plus and minus 1. */
function point(id: string, seeds: { psnrDb: number; swd: number; hfRatio: number }[]): Point {
  const perSeed = seeds.map((values, seed) => ({
    seed,
    values,
    perImage: { psnrDb: [values.psnrDb - 1, values.psnrDb + 1, values.psnrDb] },
  }));
  return { id, label: id, kind: "arm", description: "", evaluations: 28, perSeed };
}

const curve = [2, 4, 8].map((steps) =>
  point(
    `sft@${steps}`,
    [0, 1].map((seed) => ({ psnrDb: 20 - steps / 4 + seed, swd: 8 - steps / 2, hfRatio: steps / 8 })),
  )
);
const mixed = [point("sft@8mix0.5", [0, 1].map((seed) => ({ psnrDb: 20 + seed, swd: 7, hfRatio: 0.5 })))];
const arm = point("arm", [{ psnrDb: 19.25, swd: 6.5, hfRatio: 0.4 }, { psnrDb: 20.5, swd: 3, hfRatio: 1.2 }]);
const points = [...curve, ...mixed, arm];

Deno.test("frontierValue() interpolates between neighbours and never beyond the ends", () => {
  const line = [{ x: 4, y: 1 }, { x: 2, y: 7 }, { x: 0, y: 3 }];
  const read = (value: number) => frontierValue(line, { at: "x", value, of: "y", better: "higher" });
  assertEquals([0, 1, 2, 3.5, 4].map(read), [3, 5, 7, 2.5, 1]);
  assertEquals([-0.1, 4.1].map(read), [null, null]);
  const query = { at: "x", value: 1, of: "y", better: "higher" } as const;
  assertThrows(() => frontierValue([{ x: 1, y: 1 }], query), RangeError, "two points");
  assertThrows(() => frontierValue([{ x: 1 }, { x: 2 }], query), RangeError, "y has none");
});

Deno.test("frontierValue() takes the better passage of a curve that turns back", () => {
  // More steps: realism (x) falls from 5 to 1 and rises again to 3 while quality (y) goes on falling.
  const curve = [{ x: 5, y: 10 }, { x: 1, y: 6 }, { x: 1, y: 5 }, { x: 3, y: 4 }];
  const read = (value: number, better: "higher" | "lower") => frontierValue(curve, { at: "x", value, of: "y", better });
  assertEquals([read(2, "higher"), read(2, "lower")], [7, 4.5]);
  assertEquals([read(1, "higher"), read(1, "lower")], [6, 5]);
  assertEquals(read(4, "lower"), 9);
});

Deno.test("envelopeValue() takes the better curve of those that reach the place", () => {
  const a = [{ x: 0, y: 0 }, { x: 2, y: 2 }], b = [{ x: 1, y: 3 }, { x: 3, y: 1 }];
  const read = (value: number, better: "higher" | "lower") =>
    envelopeValue([a, b], { at: "x", value, of: "y", better });
  assertEquals([0.5, 1.5, 2.5, 4].map((x) => read(x, "higher")), [0.5, 2.5, 1.5, null]);
  assertEquals(read(1.5, "lower"), 1.5);
});

Deno.test("frontierOffsets() measures at equal realism, seed by seed, and counts what lies outside", () => {
  const request = { points, metrics: [psnr, swd, hf], euler: ["sft@2", "sft@4", "sft@8"], arms: ["arm"] };
  const mix = ["sft@8", "sft@8mix0.5"];
  const offsets = frontierOffsets({ ...request, mix, at: ["swd"], of: ["psnrDb", "hfRatio", "swd"] });
  assertEquals(offsets.map(({ frontier, metric }) => [frontier, metric]), [["euler", "psnrDb"], [
    "envelope",
    "psnrDb",
  ]]);
  // At seed 0 the Euler curve gives 19.25 at SWD 6.5 and the mix 18 + 2 * 2.5 / 3; at seed 1 the arm is outside.
  assertAlmostEquals(offsets[0].perSeed[0]!, 0, 1e-12);
  assertAlmostEquals(offsets[1].perSeed[0]!, 19.25 - (18 + 2 * 2.5 / 3), 1e-12);
  assertEquals(offsets.map(({ outside, perSeed }) => [outside, perSeed[1]]), [[1, null], [1, null]]);
  assertEquals(offsets[0].sd, null);
  const equalQuality = frontierOffsets({ ...request, mix: [], at: ["hfRatio"], of: ["psnrDb"] });
  assertAlmostEquals(equalQuality[0].perSeed[0]!, 19.25 - (19.5 - 0.5 * 0.15 / 0.25), 1e-12);
});

Deno.test("frontierOffsets() puts a point of the curve on it, and below it where the curve turns back", () => {
  const request = { points, metrics: [psnr, swd], mix: [], at: ["swd"], of: ["psnrDb"] };
  const straight = frontierOffsets({ ...request, euler: ["sft@2", "sft@4", "sft@8"], arms: ["sft@4"] });
  assertEquals(straight.map(({ perSeed }) => perSeed), [[0, 0], [0, 0]]);
  const late = point("sft@16", [0, 1].map((seed) => ({ psnrDb: 16 + seed, swd: 5, hfRatio: 2 })));
  const euler = ["sft@2", "sft@4", "sft@8", "sft@16"];
  const [{ perSeed }] = frontierOffsets({ ...request, points: [...points, late], euler, arms: ["sft@16"] });
  // SWD 5 is passed between 4 and 8 steps too, at 18.5 dB.
  assertEquals(perSeed, [-2.5, -2.5]);
});

Deno.test("frontierOffsets() bounds an offset as the paired difference from the interpolated curve", () => {
  // Two seeds, three photographs of two crops; the arm lies 0.3 above the middle of two curve points on every crop.
  const crops = ["x", "x", "y", "y", "z", "z"];
  const made = (id: string, swdValue: number, rows: number[][]): Point => ({
    ...point(id, []),
    perSeed: rows.map((psnrDb, seed) => ({
      seed,
      values: { psnrDb: psnrDb.reduce((a, b) => a + b) / psnrDb.length, swd: swdValue },
      perImage: { psnrDb },
    })),
  });
  const low = [[20, 21, 22, 23, 24, 25], [20.5, 21, 22.5, 23, 24.5, 25]];
  const high = low.map((row) => row.map((x, i) => x - 1 - i / 10));
  const arm = low.map((row, s) => row.map((x, i) => (x + high[s][i]) / 2 + 0.3));
  const all = [made("sft@2", 6, low), made("sft@8", 2, high), made("arm", 4, arm)];
  const request = { points: all, metrics: [psnr, swd], euler: ["sft@2", "sft@8"], mix: [], arms: ["arm"] };
  const [offset] = frontierOffsets({ ...request, at: ["swd"], of: ["psnrDb"], images: crops });
  for (const value of [offset.mean!, offset.low!, offset.high!]) assertAlmostEquals(value, 0.3, 1e-9);
  // Held at equal quality, realism has one value a seed: its interval is that of the seeds.
  const [set] = frontierOffsets({ ...request, at: ["psnrDb"], of: ["swd"], images: crops });
  assert(set.low! <= set.mean! && set.mean! <= set.high!);
  const outside = frontierOffsets({
    ...request,
    points: [...all.slice(0, 2), made("arm", 9, arm)],
    at: ["swd"],
    of: ["psnrDb"],
  });
  assertEquals([outside[0].mean, outside[0].low, outside[0].outside], [null, null, 2]);
});

Deno.test("frontierOffsets() corrects the p-values of the arms that lie inside", () => {
  const noisy = (id: string, swdValue: number, by: number[]): Point => ({
    ...point(id, []),
    perSeed: [0, 1].map((seed) => ({
      seed,
      values: { psnrDb: 20 + by.reduce((a, b) => a + b) / by.length, swd: swdValue },
      perImage: { psnrDb: by.map((x) => 20 + x) },
    })),
  });
  const frontier = [noisy("sft@2", 6, [0, 0, 0, 0]), noisy("sft@8", 2, [0, 0, 0, 0])];
  const arms = [noisy("a", 4, [0.5, 0.6, 0.7, 0.6]), noisy("b", 3, [0.1, -0.1, 0.2, 0]), noisy("c", 9, [1, 1, 1, 1])];
  const request = { points: [...frontier, ...arms], metrics: [psnr, swd], euler: ["sft@2", "sft@8"], mix: [] };
  const offsetsOf = (arms: string[]) =>
    frontierOffsets({ ...request, arms, at: ["swd"], of: ["psnrDb"] }).filter((each) => each.frontier === "euler");
  const [alone] = offsetsOf(["a"]), [a, b, c] = offsetsOf(["a", "b", "c"]);
  assert(alone.pHolm! > 0 && alone.pHolm! < 0.01, String(alone.pHolm));
  assertAlmostEquals(a.pHolm!, 2 * alone.pHolm!, 1e-12); // two arms are tested: the third lies outside
  assert(b.pHolm! > 0.3);
  assertEquals(c.pHolm, null);
});

Deno.test("judgeClaims() corrects over all claims and gives effect sizes", () => {
  const shifted = (id: string, by: number[]): Point => ({
    ...point(id, []),
    perSeed: [0, 1].map((seed) => ({ seed, values: { psnrDb: 20 }, perImage: { psnrDb: by.map((x) => 20 + x) } })),
  });
  const pair = [shifted("a", [0.5, 0.6, 0.7, 0.6]), shifted("b", [0, 0, 0, 0])];
  const claim = { metric: "psnrDb", better: "a", worse: "b", paper: null };
  const [alone] = judgeClaims([claim], pair, [psnr]), two = judgeClaims([claim, claim], pair, [psnr]);
  assertAlmostEquals(two[0].pHolm, Math.min(1, 2 * alone.pHolm), 1e-12);
  assertAlmostEquals(alone.effectSize!, 0.6 / Math.sqrt(0.02 / 3), 1e-9);
});

Deno.test("judge() needs the whole interval on one side and a corrected p-value below 0.05", () => {
  const pHolm = 0.049;
  assertEquals(judge({ low: 0.1, high: 0.2, pHolm }, 1), "reproduced");
  assertEquals(judge({ low: 0.1, high: 0.2, pHolm }, -1), "contradicted");
  assertEquals(judge({ low: -0.3, high: -0.2, pHolm }, -1), "reproduced");
  assertEquals(judge({ low: -0.1, high: 0.2, pHolm }, 1), "not resolved");
  assertEquals(judge({ low: 0.1, high: 0.2, pHolm: 0.051 }, 1), "not resolved");
  assertEquals(judge({ low: 0.1, high: 0.2, pHolm: null }, 1), "not resolved");
  assertEquals(judge({ low: null, high: null, pHolm }, -1), "not resolved");
});

Deno.test("frontierOffsets() tests no point of the curve itself and no arm inside it at one of several seeds", () => {
  const at = (id: string, values: readonly [psnrDb: number, swd: number][]) =>
    point(id, values.map(([psnrDb, swd]) => ({ psnrDb, swd, hfRatio: 1 })));
  const points = [
    at("few", [[22, 4], [22.1, 4], [22.2, 4]]),
    at("sft", [[20, 2], [20.1, 2], [20.2, 2]]),
    at("inside", [[21.5, 3], [21.7, 3], [21.8, 3]]),
    at("once", [[21.5, 3], [23, 5], [23, 5]]),
  ];
  const arms = ["sft", "inside", "once"], mix = ["sft"], euler = ["few", "sft"];
  const request = { points, metrics: [psnr, swd], euler, mix, arms, at: ["swd"], of: ["psnrDb"] };
  const offsets = frontierOffsets(request).filter(({ frontier }) => frontier === "envelope");
  assertEquals(offsets.map(({ low, pHolm }) => low !== null && pHolm !== null), [false, true, false]);
  assertEquals(offsets.map(({ perSeed }) => perSeed.filter((value) => value !== null).length), [3, 3, 1]);
  assertAlmostEquals(offsets[1].mean!, (0.5 + 0.6 + 0.6) / 3, 1e-9);
});

Deno.test("comparePoints() pairs every arm with every control but itself", () => {
  const comparisons = comparePoints({
    points,
    metrics: [psnr, swd],
    arms: ["arm", "sft@8"],
    controls: ["sft@8", "sft@4"],
    resampling: { draws: 200 },
  });
  assertEquals(comparisons.map((c) => `${c.metric} ${c.arm} - ${c.control}`).slice(0, 3), [
    "psnrDb arm - sft@8",
    "psnrDb arm - sft@4",
    "psnrDb sft@8 - sft@4",
  ]);
  assertAlmostEquals(comparisons[0].mean, 1.375, 1e-12);
  assertEquals(comparisons[2].perSeed, [-1, -1]);
  assert(comparisons.every(({ pHolm }) => pHolm >= 0 && pHolm <= 1));
});

Deno.test("comparePoints() and judgeClaims() count the crops of a photograph as one observation", () => {
  const one = (id: string, psnrDb: number[]): Point => ({
    ...point(id, []),
    perSeed: [{ seed: 0, values: { psnrDb: 0 }, perImage: { psnrDb } }],
  });
  // Six crops that agree within each of two photographs: by crop the difference is clear, by photograph it is not.
  const pair = [one("a", [11, 11, 11, 13, 13, 13]), one("b", [10, 10, 10, 10, 10, 10])];
  const request = { points: pair, metrics: [psnr], arms: ["a"], controls: ["b"] };
  const images = ["x", "x", "x", "y", "y", "y"];
  const [byCrop] = comparePoints(request), [byPhotograph] = comparePoints({ ...request, images });
  assertEquals([byCrop.mean, byPhotograph.mean], [2, 2]);
  assert(byPhotograph.high! - byPhotograph.low! > 1.3 * (byCrop.high! - byCrop.low!));
  assert(byCrop.pHolm < 0.01 && byPhotograph.pHolm > 0.2, `${byCrop.pHolm} and ${byPhotograph.pHolm}`);
  const claims = [{ metric: "psnrDb", better: "a", worse: "b", paper: null }];
  const [direction] = judgeClaims(claims, pair, [psnr], { images });
  assertEquals([direction.low, direction.high], [byPhotograph.low, byPhotograph.high]);
});

Deno.test("judgeClaims() follows the metric's own direction and leaves out what was not run", () => {
  const claim = (metric: string, better: string, worse: string) => ({ metric, better, worse, paper: null });
  const claims = [
    claim("psnrDb", "sft@4", "sft@8"),
    claim("psnrDb", "sft@8", "sft@4"),
    claim("swd", "sft@8", "sft@4"),
    claim("hfRatio", "sft@8", "sft@4"),
    claim("lpips", "sft@8", "sft@4"),
    claim("psnrDb", "sft@8", "absent"),
  ];
  const verdicts = judgeClaims(claims, points, [psnr, swd, hf], { resampling: { draws: 500 } }).map(({ verdict }) =>
    verdict
  );
  assertEquals(verdicts, ["reproduced", "contradicted", "reproduced", "reproduced"]);
});
