import { UsageError } from "../../core/mod.ts";
import type { ModelKind, TrainRequest, TrainSettingsInput } from "../../experiment/mod.ts";
import { list, type Option, type OptionValues } from "../options.ts";

/** Share of the crops that restorers make negatives of, as in the paper. */
const SHARE = 0.25;

/** Options that change the settings of a training; what is left out has the paper's value. */
export const trainOptions: Readonly<Record<string, Option>> = {
  negatives: { type: "string", value: "DIR", help: "what the adversary imitates: a folder of `deno task negatives`" },
  restorers: { type: "string", multiple: true, value: "A,B", help: "or restorers run here on 25 % of the crops" },
  weights: { type: "string", value: "DIR", help: "folder of the restorers' weights (default: weights)" },
  sft: { type: "string", value: "FILE", help: "SFT adapter for AS-DPO (default: that of --out)" },
  adversary: { type: "string", value: "FILE", help: "adversary for AS-DPO (default: that of --out)" },
  steps: { type: "string", value: "N", help: "optimizer steps of every stage that runs" },
  batch: { type: "string", value: "N", help: "images in a micro-batch (default: 8)" },
  accumulation: { type: "string", value: "N", help: "micro-batches in a step (default: 64)" },
  "learning-rate": { type: "string", value: "X", help: "of every stage that runs (default: AS-DPO 1e-5, else 5e-5)" },
  warmup: { type: "string", value: "N", help: "steps of warm-up (default: 200)" },
  rank: { type: "string", value: "N", help: "of the adapters (default: 16)" },
  alpha: { type: "string", value: "X", help: "of the adapters (default: the rank)" },
  targets: { type: "string", value: "NAME", help: "adapted layers: diffusers or paper (default: diffusers)" },
  s: { type: "string", value: "X", help: "Sobolev index of AS-DPO, 0 is Euclidean (default: 1.5)" },
  beta: { type: "string", value: "X", help: "strength of the preference (default: 2000)" },
  rho: { type: "string", value: "X", help: "factor of the loser's energy gap (default: 1)" },
  size: { type: "string", value: "PX", help: "side of the crops (default: 1024; sd15 512, small 64)" },
  crops: { type: "string", value: "N", help: "crops to train on (default: 3000)" },
  degradation: { type: "string", value: "NAME", help: "of photographs: hard, soft, mild, none (default: hard)" },
  conditioning: { type: "string", value: "NAME", help: "token (default for flux) or channel" },
  "condition-scale": { type: "string", value: "X", help: "encode the condition at this fraction of the size" },
  seed: { type: "string", value: "N", help: "of crops, noise, times and adapters (default: 0)" },
  dtype: { type: "string", value: "NAME", help: "frozen weights as bf16 (default) or f32" },
};

/**
 * Makes settings of the command line, to be resolved.
 *
 * @throws {UsageError} If a number is none.
 */
export function trainSettings(backbone: ModelKind, values: OptionValues): TrainSettingsInput {
  const number = (name: string) => numberOf(name, values[name]);
  const stage = given({
    steps: number("steps"),
    batchSize: number("batch"),
    accumulation: number("accumulation"),
    learningRate: number("learning-rate"),
    warmup: number("warmup"),
  });
  const rank = number("rank");
  return {
    backbone,
    sft: stage,
    adversary: stage,
    asdpo: { ...stage, ...given({ beta: number("beta"), rho: number("rho") }) },
    lora: given({ rank, alpha: number("alpha") ?? rank, targets: values.targets }),
    ...given({
      sobolevIndex: number("s"),
      size: number("size"),
      crops: number("crops"),
      degradation: values.degradation,
      conditioning: values.conditioning,
      conditionScale: number("condition-scale"),
      seed: number("seed"),
      dtype: values.dtype,
    }),
  } as TrainSettingsInput; // words are checked where the settings are resolved
}

/** Tells what the adversary imitates; null where nothing is named. */
export function artifactsOf(values: OptionValues): TrainRequest["artifacts"] {
  const restorers = list(values.restorers);
  if (values.negatives !== undefined && restorers !== undefined) {
    throw new UsageError("Cannot imitate --negatives and --restorers at once: current value is both");
  }
  if (values.negatives !== undefined) return { folder: String(values.negatives) };
  if (restorers === undefined) return null;
  return { restorers, weights: String(values.weights ?? "weights"), share: SHARE };
}

/**
 * Reads a number; undefined if not given.
 *
 * @throws {UsageError} If it is none.
 */
export function numberOf(name: string, value: OptionValues[string]): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isFinite(number) && /\d/.test(String(value))) return number;
  throw new UsageError(`Cannot read --${name} as it must be a number: current value is ${value}`);
}

/**
 * Reads `--memory`, in GiB.
 *
 * @returns Bytes; undefined if not given.
 * @throws {UsageError} If it is no number above 0.
 */
export function memoryOf(value: OptionValues[string]): number | undefined {
  const memory = numberOf("memory", value);
  if (memory === undefined || memory > 0) return memory === undefined ? undefined : memory * 2 ** 30;
  throw new UsageError(`Cannot read --memory as it must be above 0 GiB: current value is ${value}`);
}

/** Only what the command line says: the rest keeps its default. */
function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
