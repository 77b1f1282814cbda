import { assertEquals } from "@std/assert";
import { experiments, table6 } from "../../experiments/mod.ts";
import { canonicalJson, readJson } from "../../lib/core/mod.ts";
import { pinnedSettings } from "../../lib/experiment/mod.ts";

const pinned = Object.entries(experiments).map(([name, config]) => [name, pinnedSettings(config)] as const);
for (const [name, settings] of [...pinned, [table6.name, table6.settings] as const]) {
  Deno.test(`${name} still resolves to its pinned settings (deno task pin writes them anew)`, async () => {
    const path = new URL(`../../experiments/${name}/pinned.json`, import.meta.url).pathname;
    assertEquals(canonicalJson(settings), canonicalJson(await readJson(path)));
  });
}
