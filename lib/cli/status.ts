/** `deno task status`: the runs below a folder and how they stand. */
import { listRuns, type RunSummary, TRAINING } from "../experiment/mod.ts";
import { textTable } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "folder of the runs (default: runs)" },
  json: { type: "boolean", help: "print JSON" },
  help: { type: "boolean", help: "print this" },
};

await runCommand(async () => {
  const values = readOptions(Deno.args, options);
  if (values.help) {
    return console.log(
      helpText("deno task status [options]", "Lists runs: done, running, stopped or failed.", options),
    );
  }
  const root = String(values.out ?? "runs");
  const runs = await listRuns(root);
  if (values.json) return console.log(JSON.stringify(runs, null, 2));
  if (!runs.length) return console.log(`No runs in ${root}. \`deno task ablation\` makes one.`);
  const rows = runs.map((run) => [run.folder, run.state, `${run.index}/${run.count}`, placeOf(run)]);
  console.log(textTable(["run", "state", "stage", "at"], rows));
  for (const run of runs) {
    if (run.state === "stopped") console.log(`\n${run.folder} goes on with\n  ${run.command}`);
    if (run.state === "failed") console.log(`\n${run.folder} failed: ${run.message}\n  ${run.command}`);
  }
});

/** Where a run is, or what it has left. */
function placeOf({ state, experiment, label }: RunSummary): string {
  return state === "done" && experiment !== TRAINING ? "report.html" : label;
}
