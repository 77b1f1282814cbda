import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { kendall, spearman } from "asasr/experiment/mod.ts";

// scipy.stats.spearmanr and kendalltau by hand: ranks of b are 1, 2.5, 2.5, 4
Deno.test("spearman() and kendall() share ranks among ties", () => {
  const a = [1, 2, 3, 4], b = [5, 7, 7, 9];
  assertAlmostEquals(spearman(a, b), 4.5 / Math.sqrt(5 * 4.5), 1e-12);
  assertAlmostEquals(kendall(a, b), 5 / Math.sqrt(6 * 5), 1e-12);
  assertEquals([spearman(a, [...a].reverse()), kendall(a, [...a].reverse())], [-1, -1]);
  assertEquals([spearman(a, [1, 1, 1, 1]), kendall(a, [1, 1, 1, 1])], [NaN, NaN]);
  assertThrows(() => spearman([1], [1]), RangeError, "at least 2");
});
