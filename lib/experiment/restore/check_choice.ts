import { UsageError } from "../../core/mod.ts";
import { conditionedFlux, conditioningFault } from "../models/conditioning.ts";
import { checkHold } from "../models/hold.ts";
import { widenedLayer } from "../models/mod.ts";
import { fluxModelParts } from "../models/parts.ts";
import type { NetworkChoice, RestoreNetwork } from "./network.ts";

/** What of the choice decides a result, with its defaults: the same however it was spelled. */
export interface ResolvedChoice {
  readonly conditioning: "token" | "channel";
  readonly conditionScale: number;
  /** Null where the network has no such input. */
  readonly guidance: number | null;
  readonly dtype: "bf16" | "f32";
}

/**
 * Check that a network has what it is told: nothing that was asked for is passed over.
 *
 * @throws {UsageError} If it has not, or needs an adapter and none is named.
 */
export async function checkChoice(
  { kind, checkpoint, loras }: Pick<RestoreNetwork, "kind" | "checkpoint" | "loras">,
  choice: NetworkChoice,
): Promise<ResolvedChoice> {
  const { guidance, conditionScale, dtype, weights } = choice;
  checkHold(kind, weights);
  const flux = kind === "flux" ? (await fluxModelParts(checkpoint)).network.config : null;
  const conditioning = flux ? conditionedFlux(flux, choice.conditioning).conditioning : choice.conditioning;
  const refuse = (option: string, rule: string, value: unknown) => {
    throw new UsageError(`Cannot restore with --${option} as ${rule}: current value is ${value}`);
  };
  if (conditionScale !== undefined && !(conditionScale > 0 && conditionScale <= 1)) {
    refuse("condition-scale", "it must be above 0 and at most 1", conditionScale);
  }
  const fault = conditioningFault({ backbone: kind, conditioning, conditionScale });
  if (fault) {
    refuse(fault.field === "conditioning" ? "conditioning" : "condition-scale", fault.rule, choice[fault.field]);
  }
  if (guidance !== undefined && !flux?.guidance) refuse("guidance", "this network has no such input", guidance);
  if (dtype === "bf16" && kind === "small") refuse("dtype", "the small model is held as f32", dtype);
  const widened = await widenedLayer({ backbone: kind, checkpoint, conditioning });
  if (widened && loras.length === 0) {
    refuse("checkpoint", `an adapter of ${widened} must let the condition in (--lora)`, checkpoint);
  }
  return {
    conditioning: conditioning ?? "channel",
    conditionScale: conditionScale ?? 1,
    guidance: flux?.guidance ? guidance ?? 1 : null,
    dtype: dtype ?? (kind === "small" ? "f32" : "bf16"),
  };
}
