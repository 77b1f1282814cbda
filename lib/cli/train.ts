/** `deno task train`: the paper's procedure as adapters on frozen weights. */
import { UsageError } from "../core/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import {
  checkTraining,
  type ModelKind,
  modelKinds,
  resolveTrainSettings,
  trainModel,
  trainStages,
} from "../experiment/mod.ts";
import { terminalProgress } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { commandLine } from "./command_line.ts";
import { helpText, oneOf, type Option, type OptionValues, paths, readOptions } from "./options.ts";
import { artifactsOf, memoryOf, trainOptions, trainSettings } from "./train/settings.ts";

const options: Record<string, Option> = {
  backbone: { type: "string", value: "NAME", help: `${modelKinds.join(", ")}` },
  checkpoint: {
    type: "string",
    value: "DIR",
    help: "weights in diffusers' layout, or FLUX's original file; small: a stage runs/stages/sft-HASH",
  },
  stage: { type: "string", value: "NAME", help: `${trainStages.join(", ")} or all (default: all)` },
  data: {
    type: "string",
    multiple: true,
    value: "DIR",
    help: "photographs, or pairs of `deno task degrade`; may be repeated",
  },
  out: { type: "string", value: "DIR", help: "folder of the training; the same command goes on there" },
  ...trainOptions,
  memory: { type: "string", value: "GIB", help: "memory that may be used (default: what is free)" },
  hold: { type: "string", value: "NAME", help: "weights of FLUX: resident or streamed (default: what fits)" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Trains LoRA adapters on frozen weights: SFT (with the weights it is the reference), an adversary on the weights\n" +
  "alone that imitates restorers, and AS-DPO on weights and frozen SFT. Each stage writes an adapter in diffusers'\n" +
  "layout, strips of samples and TensorBoard events. The same command again goes on where it stopped.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) {
    return console.log(
      helpText("deno task train --backbone NAME --checkpoint DIR --data DIR --out DIR [options]", about, options),
    );
  }
  const backbone = oneOf<ModelKind>("backbone", needed("backbone", values), modelKinds, "flux");
  const data = paths(values.data) ?? [], [checkpoint, out] = ["checkpoint", "out"].map((name) => needed(name, values));
  const stage = oneOf("stage", values.stage, [...trainStages, "all"] as const, "all");
  const settings = resolveTrainSettings(trainSettings(backbone, values)), artifacts = artifactsOf(values);
  const weights = values.hold === undefined
    ? undefined
    : oneOf("hold", values.hold, ["resident", "streamed"] as const, "resident");
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const request = {
    settings,
    checkpoint,
    stages: stage === "all" ? trainStages : [stage],
    data,
    artifacts,
    given: { sft: paths(values.sft)?.[0], adversary: paths(values.adversary)?.[0] },
    out,
    signal,
    memoryLimit: memoryOf(values.memory),
    weights,
    command: commandLine("train", Deno.args),
  };
  await checkTraining(request); // before TensorFlow is brought: what is not there shows at once
  const info = await startEngine({ engine, threads: settings.threads, install: true, onProgress: console.log });
  console.log(info.line);
  using progress = terminalProgress();
  const run = trainModel(request);
  let next = await run.next();
  for (; !next.done; next = await run.next()) progress.draw(next.value);
  progress.end();
  for (const [stage, { path }] of Object.entries(next.value)) console.log(`${stage}: ${path}`);
});

function needed(name: string, values: OptionValues): string {
  const value = values[name];
  if (value === undefined) throw new UsageError(`Cannot train as --${name} is needed (--help explains)`);
  return String(value);
}
