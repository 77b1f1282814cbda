import { assertEquals } from "@std/assert";
import { everyPinned } from "../../lib/cli/pin/settings.ts";
import { canonicalJson, readJson } from "../../lib/core/mod.ts";

for (const [name, settings] of Object.entries(everyPinned())) {
  Deno.test(`${name} still resolves to its pinned settings (deno task pin writes them anew)`, async () => {
    const path = new URL(`../../experiments/${name}/pinned.json`, import.meta.url).pathname;
    assertEquals(canonicalJson(settings), canonicalJson(await readJson(path)));
  });
}
