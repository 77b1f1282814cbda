import type { OpenOptions } from "./opened_model.ts";

/**
 * Say what is wrong with how a condition is to enter a network.
 *
 * @returns The field and the rule that it breaks; undefined if both fit.
 */
export function conditioningFault(
  { backbone, conditioning = backbone === "flux" ? "token" : "channel", conditionScale = 1 }: Pick<
    OpenOptions,
    "backbone" | "conditioning" | "conditionScale"
  >,
): { readonly field: "conditioning" | "conditionScale"; readonly rule: string } | undefined {
  if (conditioning === "token" && backbone !== "flux") {
    return { field: "conditioning", rule: `${backbone} takes its condition on the channels` };
  }
  if (conditionScale !== 1 && conditioning !== "token") {
    return { field: "conditionScale", rule: "below 1 the condition must enter as tokens" };
  }
}
