import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { rng } from "asasr/core/mod.ts";
import { bootstrapInterval, resampling, studyIntervals } from "asasr/experiment/mod.ts";
import { competitionRanks, type StudyRanks } from "asasr/metrics/mod.ts";

/** Ranks of three methods; the first is better by its lead, which varies by person and image. */
function study(people: number, images: number, lead: number, seed: number): StudyRanks {
  const drawn = rng(seed, "study"), byPerson = drawn.normals(people), byImage = drawn.normals(images);
  const pairs = Array.from({ length: people * images }, (_, i) => [Math.floor(i / images), i % images]);
  return {
    methods: ["a", "b", "c"],
    ranks: pairs.map(([person, image]) =>
      competitionRanks([-lead - 0.5 * byPerson[person] - 0.5 * byImage[image] + drawn.normal(), drawn.normal(), 0.5])
    ),
    people: pairs.map(([person]) => person),
    images: pairs.map(([, image]) => image),
  };
}

Deno.test("studyIntervals() is bootstrapInterval() of the hits where everybody ranked everything", () => {
  const { ranks, ...rest } = study(5, 12, 1, 0), found = studyIntervals({ ranks, ...rest }, { draws: 500 });
  const plan = resampling(5, 12, { draws: 500 });
  for (const method of [0, 1, 2]) {
    const rows = (value: (rank: number) => number) =>
      [0, 1, 2, 3, 4].map((person) => ranks.slice(12 * person, 12 * person + 12).map((row) => value(row[method])));
    for (const k of [1, 2, 3]) {
      const { low, high } = bootstrapInterval(rows((rank) => Number(rank <= k)), plan);
      assertAlmostEquals(found[method].topK[k - 1].low, Math.max(0, low), 1e-12);
      assertAlmostEquals(found[method].topK[k - 1].high, Math.min(1, high), 1e-12);
    }
    const { low, high } = bootstrapInterval(rows((rank) => rank), plan);
    assertAlmostEquals(found[method].meanRank.low, Math.max(1, low), 1e-12);
    assertAlmostEquals(found[method].meanRank.high, Math.min(3, high), 1e-12);
  }
});

Deno.test("studyIntervals() holds the true share about as often as it says, with few people", () => {
  const truth = study(2000, 200, 1, 99).ranks.filter(([rank]) => rank === 1).length / 400_000;
  let held = 0;
  const studies = 120;
  for (let seed = 0; seed < studies; seed++) {
    const [{ topK: [{ low, high }] }] = studyIntervals(study(6, 16, 1, seed), { draws: 300, seed });
    if (low <= truth && truth <= high) held++;
  }
  assert(held >= 0.88 * studies, `${held} of ${studies}`);
});

Deno.test("studyIntervals() bounds shares of 0 and 1, which every draw repeats, by the number of people", () => {
  const agreed = (people: number, images: number): StudyRanks => ({
    methods: ["a", "b"],
    ranks: Array.from({ length: people * images }, () => [1, 2]),
    people: Array.from({ length: people * images }, (_, i) => Math.floor(i / images)),
    images: Array.from({ length: people * images }, (_, i) => i % images),
  });
  // Clopper-Pearson by hand: 0.025^(1/5) and 0.025^(1/8)
  for (const [people, images, low] of [[5, 8, 0.47818], [1, 8, 0.63058]]) {
    const [a, b] = studyIntervals(agreed(people, images), { draws: 50 });
    assertAlmostEquals(a.topK[0].low, low, 1e-5);
    assertAlmostEquals(b.topK[0].high, 1 - low, 1e-5);
    assertEquals([a.topK[0].high, b.topK[0].low], [1, 0]);
    assertEquals([a.topK[1], b.topK[1]], [{ low: 1, high: 1 }, { low: 1, high: 1 }]);
  }
});

Deno.test("studyIntervals() takes what was ranked where not everybody ranked everything", () => {
  const whole = study(6, 10, 1, 3), keep = whole.ranks.map((_, i) => i % 3 !== 0);
  const kept = <T>(values: readonly T[]) => values.filter((_, i) => keep[i]);
  const part = { ...whole, ranks: kept(whole.ranks), people: kept(whole.people), images: kept(whole.images) };
  const share = part.ranks.filter(([rank]) => rank === 1).length / part.ranks.length;
  const [{ topK: [{ low, high }] }] = studyIntervals(part, { draws: 500 });
  assert(low < share && share < high && high - low < 0.9, `${low} ${share} ${high}`);
  // One person alone: of the images only; one group alone: nothing varies, and no draw is empty or divides by zero.
  const alone = studyIntervals({ methods: ["a", "b"], ranks: [[1, 2]], people: [0], images: [0] }, { draws: 50 });
  assertEquals(alone.map(({ meanRank }) => meanRank), [{ low: 1, high: 1 }, { low: 2, high: 2 }]);
  const apart = { methods: ["a", "b"], ranks: [[1, 2], [2, 1]], people: [0, 1], images: [0, 1] };
  for (const { meanRank } of studyIntervals(apart, { draws: 50 })) assertEquals(meanRank, { low: 1, high: 2 });
});
