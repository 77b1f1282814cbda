import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rng } from "asasr/core/mod.ts";
import {
  bootstrapInterval,
  crossedTest,
  joinCrops,
  pairedDifference,
  resampling,
} from "asasr/experiment/statistics/mod.ts";

/** Differences with mean 0: an effect of every seed, of every image, and a residual. */
function simulated(run: number, seeds: number, images: number, sd: [number, number, number]): number[][] {
  const random = rng(7, "simulation", run);
  const bySeed = random.normals(seeds), byImage = random.normals(images);
  return Array.from(bySeed, (s) => Array.from(byImage, (i) => sd[0] * s + sd[1] * i + sd[2] * random.normal()));
}

const designs: [number, number, [number, number, number]][] = [
  [3, 40, [1, 0, 1]],
  [3, 40, [0.3, 1, 1]],
  [5, 40, [1, 3, 3]],
  [1, 96, [0, 1, 1]],
  [3, 1, [1, 0, 0]],
  [1, 24, [0, 1, 1]],
  [2, 24, [0.3, 1, 1]],
];
for (const [seeds, images, sd] of designs) {
  Deno.test(`bootstrapInterval() holds the truth as often as it says (${seeds} seeds, ${images} images, ${sd})`, () => {
    const plan = resampling(seeds, images, { draws: 1000 });
    let held = 0, accepted = 0;
    for (let run = 0; run < 400; run++) {
      const differences = simulated(run, seeds, images, sd);
      const { low, high } = bootstrapInterval(differences, plan);
      held += low <= 0 && high >= 0 ? 1 : 0;
      accepted += crossedTest(differences).p > 0.05 ? 1 : 0;
    }
    // 400 runs fix a share of .95 to about .011; the interval may be a little wide, never narrow.
    assert(held / 400 >= 0.92 && held / 400 <= 0.995, `interval holds the truth in ${held / 400}`);
    assert(accepted / 400 >= 0.915 && accepted / 400 <= 0.98, `test accepts the truth in ${accepted / 400}`);
  });
}

Deno.test("joinCrops() makes intervals hold the truth where crops of a photograph are alike", () => {
  const photographs = 24, crops = 4, runs = 300;
  const images = Array.from({ length: photographs * crops }, (_, i) => `photograph ${i % photographs}`);
  const byCrop = resampling(1, images.length, { draws: 500 }),
    byPhotograph = resampling(1, photographs, { draws: 500 });
  const holds = ({ low, high }: { low: number; high: number }) => low <= 0 && high >= 0 ? 1 : 0;
  let naive = 0, joined = 0;
  for (let run = 0; run < runs; run++) {
    const random = rng(8, "alike", run), own = random.normals(photographs);
    const row = images.map((_, i) => own[i % photographs] + random.normal());
    naive += holds(bootstrapInterval([row], byCrop));
    joined += holds(bootstrapInterval(joinCrops([row], images), byPhotograph));
  }
  // 300 runs fix a share of .95 to about .013.
  assert(naive / runs < 0.86, `by crop it holds the truth in ${naive / runs}`);
  assert(joined / runs > 0.92 && joined / runs < 0.985, `by photograph it holds the truth in ${joined / runs}`);
});

Deno.test("joinCrops() keeps the mean of every row, and takes the mean of equally many crops", () => {
  assertEquals(joinCrops([[1, 2, 3, 4]], ["a", "b", "a", "b"]), [[2, 3]]);
  const [joined] = joinCrops([[1, 2, 6]], ["a", "b", "a"]);
  assertAlmostEquals((joined[0] + joined[1]) / 2, 3, 1e-12);
  assertThrows(() => joinCrops([[1, 2]], ["a"]), RangeError, "current value is 2");
});

Deno.test("resampling() is a function of its key alone", () => {
  const draws = resampling(3, 8, { draws: 50 });
  assertEquals(draws, resampling(3, 8, { draws: 50 }));
  assert(resampling(3, 8, { draws: 50, seed: 1 }).imageIndices.some((value, i) => value !== draws.imageIndices[i]));
  for (let draw = 0; draw < 50; draw++) {
    assertAlmostEquals(draws.seedShares.slice(draw * 3, draw * 3 + 3).reduce((a, b) => a + b), 1, 1e-12);
  }
  assert(draws.imageIndices.every((image) => image < 8));
  assertThrows(() => resampling(0, 8), RangeError, "seeds must be a positive whole number: current value is 0");
});

Deno.test("bootstrapInterval() is unbounded for one value of one seed", () => {
  assertEquals(bootstrapInterval([[2]], resampling(1, 1, { draws: 10 })), { low: -Infinity, high: Infinity });
  assertEquals(crossedTest([[2]]).p, 1);
});

Deno.test("bootstrapInterval() refuses other shapes and values that are not finite", () => {
  const plan = resampling(2, 2, { draws: 10 });
  assertThrows(() => bootstrapInterval([[1, 2]], plan), RangeError, "current shape is [1, 2]");
  assertThrows(() => bootstrapInterval([[1, 2], [1, NaN]], plan), RangeError, "current value is NaN");
});

Deno.test("crossedTest() is the t-test over images for one seed", () => {
  // t.test(c(1, 2, 3, 4), mu = 0), R 4: t = 3.873, df = 3, p = 0.03047.
  const { standardError, freedom, p } = crossedTest([[1, 2, 3, 4]]);
  assertAlmostEquals(2.5 / standardError, 3.872983, 1e-6);
  assertAlmostEquals(freedom, 3, 1e-12);
  assertAlmostEquals(p, 0.03047, 1e-5);
});

Deno.test("pairedDifference() shifts with the arm and turns with the sign", () => {
  const control = simulated(1, 3, 20, [1, 1, 1]), noise = simulated(2, 3, 20, [0.1, 0.1, 0.3]);
  const arm = control.map((row, s) => row.map((value, i) => value + 2 + noise[s][i]));
  const forward = pairedDifference(arm, control), backward = pairedDifference(control, arm);
  assertAlmostEquals(forward.mean, -backward.mean, 1e-12);
  assertAlmostEquals(forward.low, -backward.high, 1e-9);
  assert(forward.low > 1.5 && forward.high < 2.5);
  assertEquals(forward.sameSign, 3);
  assert(forward.effectSize > 3 && forward.p < 0.01);
  assertThrows(() => pairedDifference(arm, control.slice(1)), RangeError, "Cannot pair arm and control");
});
