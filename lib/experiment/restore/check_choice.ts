import { join } from "node:path";
import { readJson, UsageError } from "../../core/mod.ts";
import { parseFluxConfig } from "../../backbones/mod.ts";
import { conditioningFault } from "../models/conditioning.ts";
import type { NetworkChoice, RestoreNetwork } from "./network.ts";

/**
 * Check that a network has what it is told: nothing that was asked for is passed over.
 *
 * @throws {UsageError} If it has not.
 */
export async function checkChoice({ kind, checkpoint }: RestoreNetwork, choice: NetworkChoice): Promise<void> {
  const { guidance, conditionScale, dtype } = choice, fault = conditioningFault({ backbone: kind, ...choice });
  const refuse = (option: string, rule: string, value: unknown) => {
    throw new UsageError(`Cannot restore with --${option} as ${rule}: current value is ${value}`);
  };
  if (conditionScale !== undefined && !(conditionScale > 0 && conditionScale <= 1)) {
    refuse("condition-scale", "it must be above 0 and at most 1", conditionScale);
  }
  if (fault) {
    refuse(fault.field === "conditioning" ? "conditioning" : "condition-scale", fault.rule, choice[fault.field]);
  }
  const guided = async () => parseFluxConfig(await readJson(join(checkpoint, "transformer", "config.json"))).guidance;
  if (guidance !== undefined && !(kind === "flux" && await guided())) {
    refuse("guidance", "this network has no such input", guidance);
  }
  if (dtype === "bf16" && kind === "small") refuse("dtype", "the small model is held as f32", dtype);
}
