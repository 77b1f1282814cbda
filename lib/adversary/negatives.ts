import type { Rng } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";

/**
 * Where the losing side of a preference pair comes from: made inside the step by a velocity field, or stored.
 */
export type NegativeSource = FieldNegatives | StoredNegatives;

/** Coupled negatives of a field (Eqs. 16-17): the trained adversary, or the frozen reference as its own adversary. */
export interface FieldNegatives {
  /** Tells the kinds apart. */
  readonly kind: "field";
  /** Frozen. */
  readonly field: VelocityField;
}

/** Negatives that exist as images: artifacts of restorers, or samples of the reference. */
export interface StoredNegatives {
  /** Tells the kinds apart. */
  readonly kind: "stored";
  /** Training images that have a negative, as ascending indices into the set of pairs. */
  readonly images: readonly number[];
  /** Draw a negative of one of these images. */
  draw(image: number, random: Rng): StoredNegative;
}

/** One stored negative. */
export interface StoredNegative {
  /** Pixels in [-1, 1], or latents. `[H, W, C]` */
  readonly x1: Float32Array;
  /** The noise that both sides of the pair must use, or null for fresh noise. `[H, W, C]` */
  readonly x0: Float32Array | null;
}

/** Make negatives with a field, inside the training step (Eqs. 16-17). */
export function fieldNegatives(field: VelocityField): FieldNegatives {
  return { kind: "field", field };
}
