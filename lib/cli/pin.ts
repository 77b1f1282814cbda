/** `deno task pin`: writes each experiment's fully resolved settings beside its config. */
import { fileURLToPath } from "node:url";
import { writeJson } from "../core/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, readOptions } from "./options.ts";
import { everyPinned } from "./pin/settings.ts";

const options: Record<string, Option> = {
  help: { type: "boolean", help: "print this" },
};
const about =
  "Writes the settings of every experiment and preset, defaults filled in, to experiments/NAME/pinned.json.\n" +
  "The tests compare them: a default that has changed shows as a difference.";

await runCommand(async () => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task pin", about, options));
  for (const [name, settings] of Object.entries(everyPinned())) {
    await writeJson(fileURLToPath(new URL(`../../experiments/${name}/pinned.json`, import.meta.url)), settings);
    console.log(`experiments/${name}/pinned.json`);
  }
});
