/** `deno task restore`: enlarges images by 4 with a trained network. */
import { DataError, UsageError } from "../core/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import { restoreFiles, type RestoreRequest } from "../experiment/mod.ts";
import { PAPER_STEPS } from "../flow/mod.ts";
import type { ColourFix } from "../image/mod.ts";
import { terminalProgress } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, oneOf, type Option, type OptionValues, paths, readArguments, wholeNumber } from "./options.ts";
import { memoryOf, numberOf } from "./train/settings.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "folder of the results, PNG files (default: restored)" },
  checkpoint: {
    type: "string",
    value: "DIR",
    help: "FLUX.1, SD1.5 or SDXL in diffusers' layout, or FLUX's original file; else the small model of --run",
  },
  lora: { type: "string", multiple: true, value: "FILE", help: "adapter on the weights; may be repeated: SFT, AS-DPO" },
  run: { type: "string", value: "DIR", help: "a run of `deno task ablation`, or runs: the newest (default: runs)" },
  arm: { type: "string", value: "NAME", help: "arm of the run (default: sobolev-asdpo, or sft where it is not there)" },
  steps: { type: "string", value: "N", help: `solver steps (default: ${PAPER_STEPS})` },
  seed: { type: "string", value: "N", help: "of the noise (default: 0)" },
  "color-fix": { type: "string", value: "NAME", help: "wavelet, adain or none (default: wavelet)" },
  tile: {
    type: "string",
    value: "PX",
    help: "side of a tile of the result (default: what the network was trained on)",
  },
  overlap: { type: "string", value: "PX", help: "what neighbouring tiles share at least (default: a quarter)" },
  batch: { type: "string", value: "N", help: "tiles in one call (default: 1; small: 16)" },
  conditioning: { type: "string", value: "NAME", help: "as in the training: token (default for FLUX) or channel" },
  "condition-scale": { type: "string", value: "X", help: "as in the training (default: 1)" },
  guidance: { type: "string", value: "X", help: "that FLUX.1-dev is told (default: 1, as in the training)" },
  dtype: { type: "string", value: "NAME", help: "frozen weights as bf16 (default) or f32" },
  memory: { type: "string", value: "GIB", help: "memory that may be used (default: what is free)" },
  hold: { type: "string", value: "NAME", help: "weights of FLUX: resident or streamed (default: what fits)" },
  overwrite: { type: "boolean", help: "make results again that are there" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Restores images of any size, in tiles that pass into each other, and writes them with four times the sides.\n" +
  "Gray, alpha, 16 bits and colour profile are kept, and finished results when the command runs again. Files that\n" +
  "cannot be used are listed, the others are done, and the exit code is 65.";

await runCommand(async (signal) => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task restore INPUT... [options]", about, options));
  if (operands.length === 0) {
    throw new UsageError("Cannot restore as images or folders are needed (--help explains): current value is none");
  }
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const request = requestOf(operands, values, signal);
  using progress = terminalProgress();
  const run = restoreFiles({
    ...request,
    start: async () => console.log((await startEngine({ engine, install: true, onProgress: console.log })).line),
  });
  let next = await run.next();
  for (; !next.done; next = await run.next()) progress.draw(next.value);
  progress.end();
  const { made, kept, faults } = next.value;
  console.log(`${request.out}: ${made} made, ${kept} kept`);
  for (const fault of faults) console.error(`left out: ${fault}`);
  if (faults.length > 0) {
    throw new DataError(`Cannot use ${faults.length} of ${made + kept + faults.length} files; the rest is done`);
  }
});

function requestOf(inputs: string[], values: OptionValues, signal: AbortSignal): Omit<RestoreRequest, "start"> {
  const text = (name: string) => values[name] === undefined ? undefined : String(values[name]);
  const pixels = (name: string, least: number) =>
    values[name] === undefined ? undefined : wholeNumber(name, values[name], 0, least);
  const word = <T extends string>(name: string, words: readonly T[]) =>
    values[name] === undefined ? undefined : oneOf(name, values[name], words, words[0]);
  if (values.checkpoint !== undefined) {
    const other = ["run", "arm"].find((name) => values[name] !== undefined);
    if (other) throw new UsageError(`Cannot restore with --checkpoint and --${other} at once: current value is both`);
  }
  return {
    inputs,
    out: text("out") ?? "restored",
    overwrite: values.overwrite === true,
    network: {
      checkpoint: text("checkpoint"),
      run: text("run") ?? "runs",
      arm: text("arm"),
      loras: paths(values.lora) ?? [],
      conditioning: word("conditioning", ["token", "channel"]),
      conditionScale: numberOf("condition-scale", values["condition-scale"]),
      guidance: numberOf("guidance", values.guidance),
      dtype: word("dtype", ["bf16", "f32"]),
      weights: word("hold", ["resident", "streamed"]),
    },
    settings: {
      steps: wholeNumber("steps", values.steps, PAPER_STEPS, 1),
      seed: wholeNumber("seed", values.seed, 0),
      colourFix: oneOf<ColourFix>("color-fix", values["color-fix"], ["wavelet", "adain", "none"], "wavelet"),
      tile: pixels("tile", 1),
      overlap: pixels("overlap", 0),
      batchSize: pixels("batch", 1),
    },
    memoryLimit: memoryOf(values.memory),
    signal,
  };
}
