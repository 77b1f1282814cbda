import { artifactNegatives, fieldNegatives, trainAdversary } from "../../adversary/mod.ts";
import { asdpo, dualLora } from "../../asdpo/mod.ts";
import { adapterOn, sft } from "../../flow/mod.ts";
import type { RunEvent } from "../events.ts";
import type { EncodedCrops } from "./encoded_crops.ts";
import { trainLora } from "./lora_stage.ts";
import { common, type FrozenLora, type Procedure, strips, trainingRun } from "./procedure.ts";
import type { LoraRecord } from "./stage_folder.ts";

/** Trains the SFT adapter on the published weights: with them it is the reference. */
export function sftStage(procedure: Procedure, pairs: EncodedCrops): AsyncGenerator<RunEvent, LoraRecord> {
  const { settings, model } = procedure, { lora, sft: options } = settings;
  return trainLora({
    ...common(procedure, "sft", "SFT", options, { crops: pairs.hash }),
    start: (state) =>
      sft({
        ...trainingRun(procedure, pairs, options, state),
        family: adapterOn(model.backbone, model.params, lora),
        times: options.timeSampling,
        flips: options.flips,
        s: 0,
      }),
    afterStep: strips(
      procedure,
      "sft",
      "SFT",
      options.steps,
      (params) => model.backbone.velocity(model.params, [{ ...lora, params }]),
    ),
  });
}

/** Trains the adversary, an adapter on the published weights alone, to imitate the outputs of restorers (Sec. 4.1). */
export function adversaryStage(procedure: Procedure, pairs: EncodedCrops): AsyncGenerator<RunEvent, LoraRecord> {
  const { settings, model } = procedure, { lora, adversary: options } = settings;
  return trainLora({
    ...common(procedure, "adversary", "adversary", options, { crops: pairs.hash }),
    start: (state) =>
      trainAdversary({
        ...trainingRun(procedure, pairs, options, state),
        family: adapterOn(model.backbone, model.params, lora),
        targets: artifactNegatives(pairs.artifacts),
      }),
    afterStep: strips(
      procedure,
      "adversary",
      "adversary",
      options.steps,
      (params) => model.backbone.velocity(model.params, [{ ...lora, params }]),
    ),
  });
}

/** Trains the policy: a new adapter on the published weights and the frozen SFT adapter, by AS-DPO (Eq. 18). */
export function asdpoStage(
  procedure: Procedure,
  pairs: EncodedCrops,
  frozen: { readonly sft: FrozenLora; readonly adversary: FrozenLora },
): AsyncGenerator<RunEvent, LoraRecord> {
  const { settings, model } = procedure, { lora, asdpo: options, sobolevIndex: s } = settings;
  const { policy, reference } = dualLora(model.backbone, model.params, [frozen.sft.adapter], lora);
  const adversary = model.backbone.velocity(model.params, [frozen.adversary.adapter]);
  return trainLora({
    ...common(procedure, "asdpo", "AS-DPO", { ...options, sobolevIndex: s }, {
      crops: pairs.hash,
      sftLora: frozen.sft.hash,
      adversaryLora: frozen.adversary.hash,
    }),
    start: (state, before) =>
      asdpo({
        ...trainingRun(procedure, pairs, options, state),
        policy,
        reference,
        negatives: fieldNegatives(adversary),
        s,
        unit: options.frequencyUnit,
        reduction: options.reduction,
        beta: options.beta,
        rho: options.rho,
        health: { limit: options.healthLimit, window: options.healthWindow, history: before.values.winnerGap },
      }),
    afterStep: strips(procedure, "asdpo", "AS-DPO", options.steps, (params) => policy(params)),
  });
}
