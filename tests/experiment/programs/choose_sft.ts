/**
 * Trains the reference of `small` with another number of steps and rate and measures it on validation crops: how the values
 * of the preset were chosen.
 *
 *     deno run -A tests/experiment/programs/choose_sft.ts STEPS RATE DATA...
 *
 * DATA: folders of training photographs, of which some are held out for validation. Its seed is none of the experiments'.
 */
import { experiments } from "../../../experiments/mod.ts";
import { startEngine } from "../../../lib/engine/mod.ts";
import { type ResolvedExperiment, resolveExperiment, runExperiment } from "../../../lib/experiment/mod.ts";
import { resultsText, terminalProgress } from "../../../lib/view/mod.ts";

const [steps, rate, ...data] = Deno.args;
const { config, ...resolved } = resolveExperiment(experiments.table3, "small", { data, seeds: [100], arms: ["sft"] });
const sft = { ...resolved.settings.sft, steps: Number(steps), learningRate: Number(rate) };
const evaluation = { ...resolved.settings.evaluation, split: "validation" } as const;
const experiment: ResolvedExperiment = {
  ...resolved,
  config: { ...config, name: "choose-sft", claims: [], controls: [] },
  settings: { ...resolved.settings, sft, evaluation },
};
console.log((await startEngine({ threads: experiment.settings.threads })).line);
using progress = terminalProgress();
const signal = new AbortController().signal;
const run = runExperiment(experiment, { root: "runs", command: `choose_sft.ts ${Deno.args.join(" ")}`, signal });
let next = await run.next();
for (; !next.done; next = await run.next()) progress.draw(next.value);
console.log(resultsText(next.value.results));
