import { join } from "node:path";
import type { HostTensor } from "../../core/mod.ts";
import { fullWeights, sft } from "../../flow/mod.ts";
import type { CurveData } from "../curves.ts";
import type { RunEvent } from "../events.ts";
import { optimizerOf } from "../optimizer.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "./context.ts";
import { drawStrip } from "./progress_strip.ts";
import { readCurve, readParams, saveParams, trainInFolder } from "./training.ts";

/** Strips of samples are drawn this many times during the training. */
const STRIPS = 5;

/** The trained reference. */
export interface SftOutput {
  readonly params: Record<string, HostTensor>;
  /** Weights early in the training: the under-trained sampler of the artifact sources. */
  readonly early: Record<string, HostTensor>;
  readonly curve: CurveData;
}

/** Trains the generator by flow matching: the base of every adapter, and the reference. */
export function sftStage(context: RunContext, seed: number): AsyncGenerator<RunEvent, StageResult<SftOutput>> {
  const { settings, backbone, train, signal } = context;
  const { sft: options, artifacts } = settings;
  const label = `SFT, seed ${seed}`;
  const earlyStep = Math.min(artifacts.undertrainedStep, options.steps);
  return runStage(context.store, {
    name: "sft",
    label,
    inputs: { data: context.trainHash, backbone: settings.backbone, options, earlyStep, seed },
    async *compute(folder) {
      yield* trainInFolder({
        folder,
        label,
        steps: options.steps,
        checkpointSeconds: context.checkpointSeconds,
        init: () => backbone.init(seed),
        start: (state) =>
          sft({
            family: fullWeights(backbone),
            state,
            optimizer: optimizerOf(options),
            pairs: train,
            seed,
            steps: options.steps,
            batchSize: options.batchSize,
            accumulation: options.accumulation,
            times: options.timeSampling,
            flips: options.flips,
            s: 0,
            signal,
          }),
        async *afterStep(step, params) {
          if (step === earlyStep) await saveParams(join(folder, "early.safetensors"), params);
          if (step % Math.ceil(options.steps / STRIPS) === 0) {
            const path = join(folder, `step-${String(step).padStart(6, "0")}.png`);
            await drawStrip(context, backbone.velocity(params), path);
            yield { kind: "strip", label: `${label}, step ${step}`, path };
          }
        },
      });
    },
    async load(folder) {
      return {
        params: await readParams(join(folder, "params.safetensors")),
        early: await readParams(join(folder, "early.safetensors")),
        curve: await readCurve(folder),
      };
    },
  });
}
