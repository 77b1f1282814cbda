/** `deno task bench`: times of training steps on every engine of this machine, beside PyTorch's. */
import { UsageError } from "../core/mod.ts";
import { textTable } from "../view/mod.ts";
import { bench } from "./bench/bench.ts";
import { cpuFlags } from "./bench/cpu_flags.ts";
import { benchFlux } from "./bench/flux_bench.ts";
import { benchCells } from "./bench/rows.ts";
import { hasPeers } from "./peers/environment.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, type OptionValues, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  batch: { type: "string", value: "N", help: "images in a batch (default: 16)" },
  size: { type: "string", value: "PX", help: "side of the images, a multiple of 4 (default: 64)" },
  width: { type: "string", value: "N", help: "width of the small transformer, a multiple of 8 from 24 (default: 96)" },
  threads: { type: "string", value: "N", help: "threads of TensorFlow and PyTorch (default: all cores)" },
  rounds: { type: "string", value: "N", help: "steps of each, of which the shortest counts (default: 10)" },
  "no-wasm": { type: "boolean", help: "leave wasm out, which is slow" },
  "no-flux": { type: "boolean", help: "leave the FLUX blocks out, which take some 8 GB of memory" },
  "no-peers": { type: "boolean", help: "leave PyTorch out" },
  json: { type: "boolean", help: "print an array of {name, ours, peer, unit, ratio}" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Trains the same steps on the same batch with this project (traced, eager, wasm) and with PyTorch, in turns, checks\n" +
  "that all compute the same loss and gradient norm, and prints the shortest time of each. ratio = ours / PyTorch.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task bench [options]", about, options));
  const settings = {
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
  const flux = values["no-flux"] ? [] : await benchFlux({
    threads: settings.threads,
    rounds: Math.min(settings.rounds, 5),
    peers: !values["no-peers"] && hasPeers(),
    onProgress: console.error,
    signal,
  });
  if (values.json) return console.log(JSON.stringify([...rows, ...flux], null, 2));
  console.log(
    `\nOne training step, batch ${settings.batch}, ${settings.size} px, width ${settings.width}: shortest of ` +
      `${settings.rounds}, taken in turns\n`,
  );
  console.log(textTable(["step", "ours, ms", "PyTorch, ms", "ratio"], benchCells(rows)));
  if (flux.length === 0) return;
  console.log(
    `\nOne FLUX block, width 3072, 1,536 tokens; backward is for an adapter of rank 16 alone. ` +
      `CPU: ${(await cpuFlags()).join(", ") || "neither AVX512-BF16 nor AMX"}\n`,
  );
  console.log(textTable(["block", "ours, ms", "diffusers, ms", "ratio"], benchCells(flux)));
});

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
