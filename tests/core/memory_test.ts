import { assert, assertEquals } from "@std/assert";
import { formatGibibytes, peakMemory } from "../../lib/core/mod.ts";
import { runProgram } from "../engine/programs/program.ts";

Deno.test("peakMemory() is no less than what was held, and stays when it is given back", () => {
  const before = peakMemory(), size = before + 100e6;
  let bytes: Uint8Array | null = new Uint8Array(size).fill(1); // written, so that the system gives it
  const peak = peakMemory();
  assert(peak >= size && bytes[size - 1] === 1, `${peak} of ${size}`);
  bytes = null;
  assert(peakMemory() >= peak);
});

Deno.test({
  name: "peakMemory() does not count the process that started this one, where all may be read",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const size = 600e6, bytes = new Uint8Array(size).fill(1);
    const { stdout, stderr } = await runProgram("tests/core/print_peak.ts", [], {}, ["-A"]);
    assert(bytes[size - 1] === 1 && Number(stdout) > 20e6 && Number(stdout) < size, `${stdout} ${stderr}`);
  },
});

Deno.test("formatGibibytes() counts in 2^30, with three figures or whole", () => {
  const texts = [0.0123, 2.5678, 23.19, 1234.5].map((amount) => formatGibibytes(amount * 2 ** 30));
  assertEquals(texts, ["0.0123 GiB", "2.57 GiB", "23.2 GiB", "1235 GiB"]);
});
