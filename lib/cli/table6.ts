/** `deno task table6`: the whole procedure on tiny FLUX, SD1.5 and SDXL checkpoints. */
import { join } from "node:path";
import { type Generator, table6 as config } from "../../experiments/mod.ts";
import { TrainingError } from "../core/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import { terminalProgress, textTable } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { type LossRow, runGenerator } from "./table6/run.ts";
import { helpText, list, oneOf, type Option, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  only: { type: "string", multiple: true, value: "A,B", help: `of ${config.generators.join(", ")} (default: all)` },
  out: { type: "string", value: "DIR", help: "folder of the trainings (default: runs/table6)" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  help: { type: "boolean", help: "print this" },
};
const about = `${config.claim}\n${config.caveat}`;

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task table6 [options]", about, options));
  const generators = (list(values.only) ?? config.generators).map((name) =>
    oneOf<Generator>("only", name, config.generators, "flux")
  );
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const { threads } = config.settings.flux;
  console.log((await startEngine({ engine, threads, install: true, onProgress: console.log })).line);
  const rows: LossRow[] = [];
  for (const generator of generators) {
    using progress = terminalProgress();
    const run = runGenerator(generator, join(String(values.out ?? "runs/table6"), generator), signal);
    let next = await run.next();
    for (; !next.done; next = await run.next()) progress.draw(next.value);
    progress.end();
    rows.push(...next.value);
  }
  const cells = rows.map(({ generator, stage, first, last }) => [
    generator,
    stage,
    first.toPrecision(5),
    last.toPrecision(5),
    last < first ? "falls" : "does not fall",
  ]);
  console.log(textTable(["generator", "stage", "loss, first quarter", "last quarter", ""], cells));
  console.log(config.caveat);
  const risen = rows.filter(({ first, last }) => !(last < first));
  if (risen.length > 0) {
    throw new TrainingError(
      `Cannot confirm table6 as every loss must fall: current value is ${
        risen.map(({ generator, stage }) => `${generator} ${stage}`).join(", ")
      }`,
    );
  }
});
