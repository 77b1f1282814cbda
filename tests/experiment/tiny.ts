import { experiments } from "../../experiments/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import {
  type CellFolders,
  type ExperimentConfig,
  type Overrides,
  type ResolvedExperiment,
  resolveExperiment,
  runExperiment,
  type RunOutput,
  type SettingsInput,
} from "../../lib/experiment/mod.ts";

/** Settings with which a whole run takes seconds. */
export const tinySettings: SettingsInput = {
  data: {
    size: 32,
    degradation: "mild",
    trainCrops: 24,
    validationCrops: 4,
    testCrops: 6,
    context: 64,
    proceduralImages: 8,
  },
  backbone: { kind: "small", width: 24, heads: 2, doubleBlocks: 1, singleBlocks: 1 },
  sft: { steps: 12, batchSize: 4, accumulation: 1, learningRate: 1e-3, warmup: 2 },
  lora: { rank: 2, alpha: 2 },
  artifacts: { restorerSteps: 4, restorerWidth: 4, undertrainedStep: 4 },
  adversary: { steps: 4, batchSize: 4, accumulation: 1, learningRate: 1e-3, warmup: 1 },
  alignment: { steps: 6, batchSize: 4, accumulation: 1, learningRate: 1e-4, warmup: 1, rho: 0.5, healthWindow: 3 },
  rollouts: { images: 6, draws: 2, steps: 2 },
  evaluation: {
    steps: 4,
    frontierSteps: [2, 4, 8],
    midpointSteps: [2],
    mixes: [0.5],
    posteriorDraws: 2,
    stripCrops: 2,
  },
  seeds: [0, 1],
};

/** Table 3, or another experiment, at a size that only shows that it runs. */
export function tinyExperiment(
  arms?: readonly string[],
  overrides: Overrides = {},
  config: ExperimentConfig = experiments.table3,
): ResolvedExperiment {
  const evaluation = { ...tinySettings.evaluation, ...config.settings?.evaluation };
  return resolveExperiment({ ...config, settings: { ...tinySettings, evaluation } }, "smoke", { ...overrides, arms });
}

/** Runs it to the end in this process. */
export async function runTiny(
  root: string,
  arms: readonly string[],
  checkpointSeconds?: number,
  overrides: Overrides = {},
): Promise<RunOutput> {
  return await runToEnd(root, tinyExperiment(arms, overrides), { checkpointSeconds });
}

/** Runs an experiment to the end in this process. */
export async function runToEnd(
  root: string,
  experiment: ResolvedExperiment,
  options: { readonly checkpointSeconds?: number; readonly cells?: CellFolders } = {},
): Promise<RunOutput> {
  await startEngine({ engine: "auto", threads: 2, install: false });
  const signal = new AbortController().signal;
  const run = runExperiment(experiment, { root, command: "tiny", signal, ...options });
  let next = await run.next();
  while (!next.done) next = await run.next();
  return next.value;
}

if (import.meta.main) {
  const [root, ...arms] = Deno.args;
  await runTiny(root, arms, 0); // a checkpoint after every step
}
