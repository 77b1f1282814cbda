import { assert, assertEquals } from "@std/assert";
import type { Results } from "asasr/experiment/mod.ts";
import { combinedReportHtml } from "asasr/view/mod.ts";
import { sampleResults } from "./sample_results.ts";

const HOSTILE = `<img src=x onerror="alert(1)">`;

/** Every kind of place in a value, such as `points.*.label`, with all places of the kind. */
function placesOf(value: unknown, path: readonly string[] = [], kinds = new Map<string, string[][]>()) {
  if (value === null || typeof value !== "object") return kinds;
  for (const [key, part] of Object.entries(value)) {
    const own = [...path, key], kind = own.map((name) => /^\d+$/.test(name) ? "*" : name).join(".");
    kinds.set(kind, [...kinds.get(kind) ?? [], own]);
    placesOf(part, own, kinds);
  }
  return kinds;
}

// A results.json of somebody else may hold anything where a number is expected; a page's own scripts must run, so nothing
// but escaping keeps others out.
Deno.test("no value of results.json becomes markup of the report, whatever stands for a number", () => {
  for (const results of [sampleResults([0]), sampleResults([0, 1])]) { // all runs healthy, and one that is not
    const kinds = [...placesOf(results)].map(([kind, places]) => ({ kind, outcome: pageWith(results, places) }));
    assertEquals(kinds.filter(({ outcome }) => outcome === "injected").map(({ kind }) => kind), []);
    assert(kinds.filter(({ outcome }) => outcome === "safe").length > kinds.length / 2, "most values end in a page");
  }
});

/** What becomes of the page of results that are hostile in some places; where none can be made, nothing is injected. */
function pageWith(results: Results, places: readonly (readonly string[])[]): "injected" | "safe" | "none" {
  const changed = structuredClone(results);
  for (const place of places) {
    // deno-lint-ignore no-explicit-any
    const holder = place.slice(0, -1).reduce<any>((part, key) => part[key], changed);
    holder[place.at(-1)!] = HOSTILE;
  }
  try {
    const page = combinedReportHtml({ runs: [{ results: changed, strips: [] }] });
    return page.includes("<img src=x") ? "injected" : "safe";
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return "none";
    throw error;
  }
}
