/** `deno task pin`: writes each experiment's fully resolved settings beside its config. */
import { experiments } from "../../experiments/mod.ts";
import { writeJson } from "../core/mod.ts";
import { pinnedSettings } from "../experiment/mod.ts";
import { runCommand } from "./command.ts";

await runCommand(async () => {
  for (const [name, config] of Object.entries(experiments)) {
    const path = new URL(`../../experiments/${name}/pinned.json`, import.meta.url).pathname;
    await writeJson(path, pinnedSettings(config));
    console.log(`experiments/${name}/pinned.json`);
  }
});
