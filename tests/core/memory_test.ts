import { assert, assertEquals } from "@std/assert";
import { formatGigabytes, peakMemory } from "../../lib/core/mod.ts";

Deno.test("peakMemory() is no less than what was held, and stays when it is given back", () => {
  const before = peakMemory(), size = before + 100e6;
  let bytes: Uint8Array | null = new Uint8Array(size).fill(1); // written, so that the system gives it
  const peak = peakMemory();
  assert(peak >= size && bytes[size - 1] === 1, `${peak} of ${size}`);
  bytes = null;
  assert(peakMemory() >= peak);
});

Deno.test("formatGigabytes() counts in 10^9", () => assertEquals(formatGigabytes(2.56e9), "2.6 GB"));
