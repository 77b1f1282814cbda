import { assertEquals, assertThrows } from "@std/assert";
import { helpText, list, oneOf, type Option, paths, readOptions, wholeNumbers } from "../../lib/cli/options.ts";
import { UsageError } from "../../lib/core/mod.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "folder" },
  data: { type: "string", multiple: true, value: "DIR", help: "photographs" },
  help: { type: "boolean", help: "print this" },
};

Deno.test("readOptions() reads values and repeated options", () => {
  const values = readOptions(["--out", "x", "--data", "a", "--data=b,c", "--help"], options);
  assertEquals([values.out, values.data, values.help], ["x", ["a", "b,c"], true]);
});

Deno.test("list() parts at commas, paths() does not", () => {
  assertEquals(list(["a", "b, c"]), ["a", "b", "c"]);
  assertEquals(paths(["a", "b, c"]), ["a", "b, c"]);
  assertEquals([list(undefined), paths(undefined), paths("a,b")], [undefined, undefined, ["a,b"]]);
  assertThrows(() => list("a,,b"), UsageError, "no item may be empty");
});

Deno.test("readOptions() refuses what it does not know, in one line", () => {
  for (const args of [["--outt", "x"], ["--out"], ["folder"]]) {
    assertThrows(() => readOptions(args, options), UsageError, "--help lists the options");
  }
  assertThrows(() => readOptions(["--data", "a", "--data", ""], options), UsageError, "--data as it needs a value");
});

Deno.test("oneOf() names the words that it takes", () => {
  assertEquals(oneOf("preset", undefined, ["smoke", "small"], "smoke"), "smoke");
  assertThrows(
    () => oneOf("preset", "large", ["smoke", "small"], "smoke"),
    UsageError,
    "smoke, small: current value is large",
  );
});

Deno.test("wholeNumbers() reads seeds and refuses others", () => {
  assertEquals(wholeNumbers("seeds", ["0,2", "5"]), [0, 2, 5]);
  assertEquals(wholeNumbers("seeds", undefined), undefined);
  for (const bad of ["-1", "1.5", "x", "1,1", "0,00"]) {
    assertThrows(() => wholeNumbers("seeds", [bad]), UsageError, "seeds");
  }
});

Deno.test("helpText() shows every option with its value", () => {
  const text = helpText("deno task x", "About.", options);
  for (const part of ["--out DIR", "--data DIR", "--help", "photographs"]) {
    assertEquals(text.includes(part), true, part);
  }
});
