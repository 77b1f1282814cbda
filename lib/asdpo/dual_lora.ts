import type { Params } from "../core/mod.ts";
import type { Adapter } from "../nn/mod.ts";
import type { Network, VelocityField } from "../backbones/mod.ts";
import { adapterOn, type AdapterScale, type VelocityFamily } from "../flow/mod.ts";

/** A reference and the policy that starts from it. */
export interface DualLora {
  /** Base and frozen adapters. */
  readonly reference: VelocityField;
  /** The same with one more adapter, whose parameters are open. */
  readonly policy: VelocityFamily;
}

/**
 * Bind the two sides of a preference run to one set of weights (Dual-LoRA, App. C.1).
 *
 * The reference is the policy without its last adapter: not the bare base, but base and SFT adapter where there is one.
 * A zero-initialised policy adapter starts exactly at the reference.
 *
 * @param base Frozen weights.
 * @param sft Frozen adapters of the reference; none where SFT trained the base itself.
 * @param scale Rank and alpha of the policy's adapter.
 */
export function dualLora(
  backbone: Network,
  base: Params,
  sft: readonly Adapter[],
  scale: AdapterScale,
): DualLora {
  return { reference: backbone.velocity(base, sft), policy: adapterOn(backbone, base, scale, sft) };
}
