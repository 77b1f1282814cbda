import { estimateFlux, FLUX_DEV, fluxTensors, type MemoryEstimate, memoryLine } from "../backbones/mod.ts";
import { RefusedError } from "../core/mod.ts";
import type { ResolvedExperiment } from "./config.ts";
import { PASSES } from "./passes.ts";
import type { Settings } from "./schema/mod.ts";

/** FLUX.1-dev: 19 double and 38 single blocks of width 3072 (its published configuration). */
const FLUX = { blocks: 57, width: 3072, textTokens: 512, patch: 16 };
/** Every linear of the dreambooth LoRA targets: sum of inputs and outputs (specs of the LoRA files). */
const LORA_INPUTS_AND_OUTPUTS = 912 * FLUX.width;

/** What a run at the paper's scale takes. */
export interface PaperEstimate {
  /** Tokens of one forward: text, image, and the condition as further tokens. */
  readonly tokens: number;
  /** One forward of the network, one image. */
  readonly forwardTflop: number;
  /** One image through a step: adversary, two references, two policies forward, recomputed and backward. */
  readonly stepTflopPerImage: number;
  /** Images in an optimizer step, over 8 GPUs. */
  readonly imagesPerStep: number;
  /** All alignment steps. */
  readonly alignmentPflop: number;
  /** Sampling one image. */
  readonly imagePflop: number;
  /** Of AS-DPO with one image in a micro-batch, all weights in memory and streamed; the text is encoded beforehand. */
  readonly memory: readonly MemoryEstimate[];
}

/**
 * Estimates memory and compute of the paper's settings by counting: 57 (24 d^2 L + 4 L^2 d) FLOP a forward of L tokens.
 *
 * @param settings Resolved settings with the FLUX backbone.
 */
export function estimatePaperRun(settings: Settings): PaperEstimate {
  const image = (settings.data.size / FLUX.patch) ** 2;
  const tokens = FLUX.textTokens + 2 * image;
  const { blocks, width } = FLUX;
  const forward = blocks * (24 * width ** 2 * tokens + 4 * tokens ** 2 * width);
  const step = forward * PASSES.preference;
  const adapter = settings.lora.rank * LORA_INPUTS_AND_OUTPUTS;
  const { batchSize, accumulation, steps } = settings.alignment;
  const imagesPerStep = batchSize * accumulation * 8;
  return {
    tokens,
    forwardTflop: forward / 1e12,
    stepTflopPerImage: step / 1e12,
    imagesPerStep,
    alignmentPflop: step * imagesPerStep * steps / 1e15,
    imagePflop: forward * settings.evaluation.steps / 1e15,
    memory: (["resident", "streamed"] as const).map((weights) =>
      estimateFlux(FLUX_DEV, fluxTensors(FLUX_DEV), {
        batch: 2, // both sides of a pair
        tokens,
        adapterValues: 3 * adapter, // of policy, SFT and adversary
        trainedValues: adapter,
      }, weights)
    ),
  };
}

/**
 * Prints what a run of the paper preset would be and refuses it, since FLUX.1-dev's weights are not part of a folder of
 * photographs.
 *
 * @throws {RefusedError} Always, saying what is missing.
 */
export function refusePaperPreset(experiment: ResolvedExperiment, print: (line: string) => void): never {
  const { settings } = experiment;
  const e = estimatePaperRun(settings);
  const { alignment, lora, evaluation, data } = settings;
  print(`${experiment.config.title}, paper preset (validated):`);
  print(
    `  FLUX.1-dev, LoRA rank ${lora.rank}, alpha ${lora.alpha}; ${
      data.size / 4
    } to ${data.size} px; ${evaluation.steps} Euler steps`,
  );
  print(
    `  beta ${alignment.beta}, learning rate ${alignment.learningRate}, warm-up ${alignment.warmup} steps, ${e.imagesPerStep} images a step`,
  );
  print(
    `  ${e.tokens} tokens a forward, ${e.forwardTflop.toFixed(0)} TFLOP; ${
      e.imagePflop.toFixed(2)
    } PFLOP to sample an image`,
  );
  print(
    `  one alignment step ${
      (e.stepTflopPerImage * e.imagesPerStep / 1000).toFixed(0)
    } PFLOP; ${alignment.steps} steps (the paper prints no number) ${e.alignmentPflop.toExponential(2)} PFLOP`,
  );
  for (const estimate of e.memory) print(`  ${memoryLine(estimate)}`);
  throw new RefusedError(
    "Cannot run the paper preset as it needs the weights of FLUX.1-dev: current value is none. --preset small runs the same on a model trained here",
  );
}
