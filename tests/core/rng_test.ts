import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Rng, rng } from "../../lib/core/mod.ts";
import { close } from "../support.ts";

const N = 100_000;

function moments(draws: ArrayLike<number>): { mean: number; variance: number; kurtosis: number } {
  const values = Array.from(draws), mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const central = (power: number): number => values.reduce((sum, x) => sum + (x - mean) ** power, 0) / values.length;
  return { mean, variance: central(2), kurtosis: central(4) / central(2) ** 2 };
}

function draw(source: Rng, n: number, one: (source: Rng) => number): number[] {
  return Array.from({ length: n }, () => one(source));
}

Deno.test("rng() gives the same numbers for the same key, now and in later versions", () => {
  const source = rng(7, "noise", 3, 1);
  assertEquals(draw(source, 3, (r) => r.int(1_000_000)), draw(rng(7, "noise", 3, 1), 3, (r) => r.int(1_000_000)));
  // Computed in Python 3.11 with integers from the definition of Philox4x32-10: a change would change every run.
  assertEquals(draw(rng(1, "a"), 4, (r) => r.int(1_000_000)), [45434, 290094, 666956, 837515]);
  close(
    rng(1, "a").normals(4),
    [0.46441830833403336, -0.678997235798272, -0.35050445632160065, -0.6000283052857662],
    1e-7,
  );
});

Deno.test("rng() gives other numbers for any other seed, purpose, step or item", () => {
  const keys = [[1, "a", 0, 0], [2, "a", 0, 0], [2 ** 32 + 1, "a", 0, 0], [1, "b", 0, 0], [1, "a", 1, 0], [
    1,
    "a",
    0,
    1,
  ]];
  const firsts = keys.map(([seed, purpose, step, item]) =>
    rng(seed as number, purpose as string, step as number, item as number).uniform()
  );
  assertEquals(new Set(firsts).size, keys.length);
});

Deno.test("rng() throws on a seed, step or item that is no whole number in range", () => {
  assertThrows(() => rng(-1, "a"), RangeError, "seed must be a whole number");
  assertThrows(() => rng(2 ** 53, "a"), RangeError, "seed");
  assertThrows(() => rng(1, "a", 0.5), RangeError, "step");
  assertThrows(() => rng(1, "a", 0, 2 ** 32), RangeError, "item");
});

Deno.test("Rng.uniform() is uniform on [0, 1)", () => {
  const { mean, variance } = moments(draw(rng(1, "uniform"), N, (r) => r.uniform()));
  close(mean, 0.5, 5 * Math.sqrt(1 / 12 / N)); // five standard errors, as in the tests below
  close(variance, 1 / 12, 0.002);
  assert(draw(rng(2, "uniform"), N, (r) => r.uniformIn(-3, 2)).every((x) => x >= -3 && x < 2));
});

Deno.test("Rng.normal() is standard normal", () => {
  const { mean, variance, kurtosis } = moments(draw(rng(1, "normal"), N, (r) => r.normal()));
  close(mean, 0, 5 / Math.sqrt(N));
  close(variance, 1, 5 * Math.sqrt(2 / N));
  close(kurtosis, 3, 5 * Math.sqrt(24 / N));
});

Deno.test("Rng.normals() gives what as many calls of normal() give, wherever the stream stands", () => {
  for (const n of [0, 1, 2, 7, 8191, 8192, 8193, 20_001]) {
    for (const before of [0, 1, 2, 3]) {
      const [bulk, single] = [rng(5, "bulk", n), rng(5, "bulk", n)];
      for (const source of [bulk, single]) {
        draw(source, before, (r) => r.uniform());
        source.normal();
      }
      assertEquals([...bulk.normals(n)], draw(single, n, (r) => Math.fround(r.normal())));
      assertEquals(bulk.normal(), single.normal());
      assertEquals(bulk.uniform(), single.uniform());
    }
  }
});

Deno.test("Rng.uniforms() is uniform and never 1 in float32", () => {
  const draws = rng(3, "uniforms").uniforms(N), { mean } = moments(draws);
  close(mean, 0.5, 5 * Math.sqrt(1 / 12 / N));
  assert(draws.every((x) => x >= 0 && x < 1));
});

Deno.test("Rng.int() takes every value as often", () => {
  const counts = new Array(7).fill(0), source = rng(4, "int");
  for (let i = 0; i < N; i++) counts[source.int(7)]++;
  const expected = N / 7;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assert(chiSquare < 35, `chi-square of 6 degrees of freedom: ${chiSquare}`); // exceeded once in 200,000
  assertEquals(source.int(1), 0);
  assertThrows(() => source.int(0), RangeError, "n must be a whole number");
});

Deno.test("Rng.poisson() has the probabilities of the distribution, by inversion and by rejection", () => {
  for (const mean of [0, 0.3, 4, 9.99, 10, 37, 400]) {
    const source = rng(6, "poisson", Math.round(mean * 100)), draws = draw(source, N, (r) => r.poisson(mean));
    const found = moments(draws);
    close(found.mean, mean, 5 * Math.sqrt(mean / N));
    close(found.variance, mean, 5 * Math.sqrt((2 * mean * mean + mean) / N));
    let logProbability = -mean;
    for (let k = 0; k <= 60 && mean > 0; k++) {
      const probability = Math.exp(logProbability), count = draws.filter((x) => x === k).length;
      close(count / N, probability, 5.5 * Math.sqrt(probability / N) + 1 / N);
      logProbability += Math.log(mean / (k + 1));
    }
  }
  assertThrows(() => rng(1, "poisson").poisson(-1), RangeError, "mean must be in");
});

Deno.test("Rng.shuffle() gives every permutation as often and leaves its argument", () => {
  const items = [1, 2, 3], counts = new Map<string, number>(), source = rng(8, "shuffle");
  for (let i = 0; i < 12_000; i++) {
    const key = source.shuffle(items).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assertEquals(items, [1, 2, 3]);
  assertEquals(counts.size, 6);
  for (const count of counts.values()) close(count, 2000, 5 * Math.sqrt(2000));
});

Deno.test("Rng.pick() and Rng.bool() follow their probabilities", () => {
  const source = rng(9, "pick"), picked = draw(source, N, (r) => r.pick([10, 20, 30], [1, 0, 3]));
  close(picked.filter((x) => x === 10).length / N, 0.25, 5 * Math.sqrt(0.25 * 0.75 / N));
  assertEquals(picked.includes(20), false);
  close(draw(source, N, (r) => r.pick([0, 1])).reduce((sum, x) => sum + x) / N, 0.5, 5 * 0.5 / Math.sqrt(N));
  close(draw(source, N, (r) => Number(r.bool(0.2))).reduce((sum, x) => sum + x) / N, 0.2, 5 * 0.4 / Math.sqrt(N));
  assertThrows(() => source.pick([1, 2], [0, 0]), RangeError, "not all 0");
  assertThrows(() => source.pick([1, 2], [1]), RangeError, "must be as many");
  assertThrows(() => source.pick([]), RangeError, "n must be");
});
