import { UsageError } from "../../core/mod.ts";
import type { FluxConfig, UnetConfig } from "../../backbones/mod.ts";
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

/**
 * Decide how a condition enters FLUX: as tokens, unless the weights are as wide as for one on the channels.
 *
 * @param published Of the checkpoint; one whose first layer an adapter has widened keeps its width.
 * @param asked What is asked for, if anything.
 * @throws {UsageError} If weights that take it on the channels are asked to take it as tokens.
 */
export function conditionedFlux(
  published: FluxConfig,
  asked?: "token" | "channel",
): { readonly config: FluxConfig; readonly conditioning: "token" | "channel" } {
  const wide = published.inChannels === 2 * published.outChannels, conditioning = asked ?? (wide ? "channel" : "token");
  if (conditioning === "channel") {
    return { config: { ...published, inChannels: 2 * published.outChannels }, conditioning };
  }
  if (!wide) return { config: published, conditioning };
  throw new UsageError(
    "Cannot use these weights of FLUX as they take the condition on the channels (--conditioning channel): " +
      `current value is ${conditioning}`,
  );
}

/** The UNet of a checkpoint with its condition, which enters on the channels. */
export function conditionedUnet(published: UnetConfig): UnetConfig {
  return { ...published, inChannels: 2 * published.outChannels };
}
