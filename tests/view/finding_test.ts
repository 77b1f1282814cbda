import { assertEquals, assertThrows } from "@std/assert";
import { displaySymbol, finding } from "../../lib/view/mod.ts";

Deno.test("finding() shows a statement that holds, as text and as markup", async () => {
  const bundle = await finding("1 < 2", 1 < 2)[displaySymbol]();
  assertEquals(bundle["text/plain"], "Holds: 1 < 2");
  assertEquals(String(bundle["text/html"]).includes("1 &lt; 2"), true);
});

Deno.test("finding() throws where the numbers say otherwise", () => {
  assertThrows(() => finding("pigs fly", false), Error, `"pigs fly" does not hold`);
});
