import { UsageError } from "../../core/mod.ts";
import { conditionedFlux, conditioningFault } from "../models/conditioning.ts";
import { checkHold } from "../models/hold.ts";
import { fluxModelParts } from "../models/parts.ts";
import type { NetworkChoice, RestoreNetwork } from "./network.ts";

/**
 * Check that a network has what it is told: nothing that was asked for is passed over.
 *
 * @throws {UsageError} If it has not.
 */
export async function checkChoice({ kind, checkpoint }: RestoreNetwork, choice: NetworkChoice): Promise<void> {
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
}
