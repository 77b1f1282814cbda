/** `deno task pin`: writes each experiment's fully resolved settings beside its config. */
import { fileURLToPath } from "node:url";
import { experiments, table6 } from "../../experiments/mod.ts";
import { writeJson } from "../core/mod.ts";
import { pinnedSettings } from "../experiment/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  help: { type: "boolean", help: "print this" },
};
const about =
  "Writes the settings of every experiment and preset, defaults filled in, to experiments/NAME/pinned.json.\n" +
  "The tests compare them: a default that has changed shows as a difference.";

await runCommand(async () => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task pin", about, options));
  const pinned = Object.entries(experiments).map(([name, config]) => [name, pinnedSettings(config)] as const);
  for (const [name, settings] of [...pinned, [table6.name, table6.settings] as const]) {
    await writeJson(fileURLToPath(new URL(`../../experiments/${name}/pinned.json`, import.meta.url)), settings);
    console.log(`experiments/${name}/pinned.json`);
  }
});
