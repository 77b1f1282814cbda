import { assertEquals } from "@std/assert";
import { experiments } from "../../experiments/mod.ts";
import { canonicalJson, readJson } from "../../lib/core/mod.ts";
import { pinnedSettings } from "../../lib/experiment/mod.ts";

for (const [name, config] of Object.entries(experiments)) {
  Deno.test(`${name} still resolves to its pinned settings (deno task pin writes them anew)`, async () => {
    const path = new URL(`../../experiments/${name}/pinned.json`, import.meta.url).pathname;
    assertEquals(canonicalJson(pinnedSettings(config)), canonicalJson(await readJson(path)));
  });
}
