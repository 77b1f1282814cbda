/** `deno task table6`: the whole procedure on tiny FLUX, SD1.5 and SDXL checkpoints. */
import { type Generator, table6 as config } from "../../experiments/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import { runCommand } from "./command.ts";
import { runTable6 } from "./table6/table.ts";
import { helpText, list, oneOf, type Option, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  only: { type: "string", multiple: true, value: "A,B", help: `of ${config.generators.join(", ")} (default: all)` },
  out: { type: "string", value: "DIR", help: "folder of the trainings (default: runs/table6)" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  help: { type: "boolean", help: "print this" },
};
const about = `${config.shown}\n${config.caveat}`;

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task table6 [options]", about, options));
  const generators = (list(values.only) ?? config.generators).map((name) =>
    oneOf<Generator>("only", name, config.generators, "flux")
  );
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const { threads } = config.settings.flux;
  console.log((await startEngine({ engine, threads, install: true, onProgress: console.log })).line);
  await runTable6(generators, String(values.out ?? "runs/table6"), signal);
});
