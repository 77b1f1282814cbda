/** `deno task bench`: times of training steps and image work on this machine, beside those of PyTorch and others. */
import { UsageError } from "../core/mod.ts";
import { textTable } from "../view/mod.ts";
import { bench, type BenchmarkName, benchmarkNames } from "./bench/bench.ts";
import { cpuFlags, flagsText } from "./bench/cpu_flags.ts";
import { benchFlux } from "./bench/flux_bench.ts";
import { benchCells } from "./bench/rows.ts";
import { hasPeers } from "./peers/environment.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, type OptionValues, readOptions } from "./options.ts";

/** Blocks of FLUX at full width, in a benchmark of their own. */
const FLUX = "flux";
const names = [...benchmarkNames, FLUX] as const;

const options: Record<string, Option> = {
  only: { type: "string", value: "NAMES", help: `some of ${names.join(",")} (default: all; flux takes 8 GB)` },
  batch: { type: "string", value: "N", help: "images in a batch of a training step (default: 16)" },
  size: { type: "string", value: "PX", help: "side of its images, a multiple of 4 (default: 64)" },
  width: { type: "string", value: "N", help: "width of the small transformer, a multiple of 8 from 24 (default: 96)" },
  threads: { type: "string", value: "N", help: "threads, or workers, of everybody (default: all cores)" },
  rounds: { type: "string", value: "N", help: "turns of each, of which the shortest counts (default: 10)" },
  "no-wasm": { type: "boolean", help: "leave wasm out, which is slow" },
  "no-peers": { type: "boolean", help: "leave PyTorch and the others out" },
  json: { type: "boolean", help: "print an array of {name, ours, peer, unit, ratio, against}" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Does the same work with this project and with what people use, in turns and on as many cores: training steps (sft,\n" +
  "asdpo: traced, eager, wasm) and Real-ESRGAN beside PyTorch, blocks of FLUX at full width beside diffusers, the\n" +
  "degradation beside the pipeline of Real-ESRGAN, PSNR + SSIM + NIQE beside BasicSR. Checks that all compute the\n" +
  "same, and prints the shortest time of each. ratio = our time / theirs.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task bench [options]", about, options));
  const chosen = values.only === undefined ? names : String(values.only).split(",").map(benchmark);
  const only = benchmarkNames.filter((name) => chosen.includes(name));
  const settings = {
    only,
    batch: number("batch", values, 16),
    size: number("size", values, 64, 4),
    width: number("width", values, 96, 8, 24),
    threads: number("threads", values, navigator.hardwareConcurrency),
    rounds: number("rounds", values, 10),
  };
  const rows = await bench({
    ...settings,
    wasm: !values["no-wasm"],
    peers: values["no-peers"] ? false : undefined,
    onProgress: console.error,
    signal,
  });
  const flux = !chosen.includes(FLUX) ? [] : await benchFlux({
    threads: settings.threads,
    rounds: Math.min(settings.rounds, 5),
    peers: !values["no-peers"] && hasPeers(),
    onProgress: console.error,
    signal,
  });
  if (values.json) return console.log(JSON.stringify([...rows, ...flux], null, 2));
  console.log(
    `\nShortest of ${settings.rounds} turns, ${settings.threads} threads; a step: batch ${settings.batch}, ` +
      `${settings.size} px, width ${settings.width}\n`,
  );
  const columns = ["", "ours", "theirs", "unit", "ours a second", "theirs a second", "ratio"];
  console.log(textTable(columns, benchCells([...rows, ...flux])));
  for (
    const line of new Set(rows.flatMap(({ name, against }) => against === null ? [] : [`${name}: beside ${against}`]))
  ) {
    console.log(line);
  }
  if (flux.length === 0) return;
  console.log(
    `FLUX blocks: width 3072, 1,536 tokens; backward is for an adapter of rank 16 alone. ` +
      `CPU: ${flagsText(await cpuFlags())}`,
  );
});

function benchmark(name: string): BenchmarkName | typeof FLUX {
  const found = names.find((known) => known === name.trim());
  if (found) return found;
  const known = names.join(", ");
  throw new UsageError(`Cannot read --only as its names must be among ${known}: current value is ${name}`);
}

function number(name: string, values: OptionValues, otherwise: number, multiple = 1, least = multiple): number {
  const text = values[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value % multiple !== 0 || value > 4096) {
    const rule = multiple === 1 ? "a whole number" : `a multiple of ${multiple}`;
    throw new UsageError(`Cannot read --${name} as it must be ${rule} from ${least} to 4096: current value is ${text}`);
  }
  return value;
}
