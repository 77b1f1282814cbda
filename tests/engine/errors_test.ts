import { EngineError, oneLine } from "../../lib/engine/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("oneLine() makes control characters visible and leaves all else", () => {
  assertEquals(
    oneLine("a\nb\r\x1b[31m\x7f\u009b\u2028\u202e"),
    "a\\u000ab\\u000d\\u001b[31m\\u007f\\u009b\\u2028\\u202e",
  );
  assertEquals(oneLine("Größe 64 × 64 – 写真.png"), "Größe 64 × 64 – 写真.png");
});

Deno.test("AsasrError has a message of one line, whatever names it holds", () => {
  const error = new EngineError("Cannot use a\nb.so: \x1b]0;title\x07");
  assertEquals([error.message, error.name, error.exitCode], [
    "Cannot use a\\u000ab.so: \\u001b]0;title\\u0007",
    "EngineError",
    69,
  ]);
});
