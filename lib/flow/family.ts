import type { Params } from "../core/mod.ts";
import type { Adapter } from "../nn/mod.ts";
import type { Backbone, Network, VelocityField } from "../backbones/mod.ts";

/**
 * A velocity field with its trainable parameters left open: what a trainer trains.
 *
 * Everything frozen is closed over, so full weights, one adapter on a frozen base and the policy of a preference run
 * are all this one type.
 */
export type VelocityFamily = (params: Params) => VelocityField;

/** Scale of the adapter whose factors a trainer holds. */
export interface AdapterScale {
  /** Inner width of the factors. */
  readonly rank: number;
  /** The adapter counts by `alpha / rank`. */
  readonly alpha: number;
}

/** Train every weight of a backbone. */
export function fullWeights(backbone: Backbone): VelocityFamily {
  return (params) => backbone.velocity(params);
}

/**
 * Train one LoRA adapter on frozen weights.
 *
 * @param base Frozen weights of the backbone.
 * @param scale Rank and alpha of the trained adapter.
 * @param frozen Adapters that stay as they are, below the trained one.
 */
export function adapterOn(
  backbone: Network,
  base: Params,
  scale: AdapterScale,
  frozen: readonly Adapter[] = [],
): VelocityFamily {
  return (params) => backbone.velocity(base, [...frozen, { ...scale, params }]);
}
