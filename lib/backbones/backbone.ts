import type { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Adapter, LinearShapes } from "../nn/mod.ts";

/**
 * The one type of everything that restores: policy, reference, adversary, test doubles.
 *
 * Time is the paper's: 0 is noise, 1 the image. Images are `[B, H, W, C]` in [-1, 1], or latents of them; `c` is the
 * low-resolution image, upsampled to the size of `xt`. The UNets of SD1.5 and SDXL predict the noise in place of a velocity:
 * the path that a field is used with tells which it is.
 */
export type VelocityField = (xt: tf.Tensor4D, t: tf.Tensor1D, c: tf.Tensor4D) => tf.Tensor4D;

/** A network that becomes a velocity field once it is given parameters, or reads its weights itself. */
export interface Network {
  /** Short name with its sizes. */
  readonly name: string;
  /** Linear layers that take an adapter. */
  readonly targets: LinearShapes;
  /** Bind parameters and adapters; neither is copied. */
  velocity(params: Params, adapters?: readonly Adapter[]): VelocityField;
}

/** A network whose parameters are all in the engine. */
export interface Backbone extends Network {
  /** Shape of every parameter, by its diffusers name. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Values of all parameters, without adapters. */
  readonly parameterCount: number;
  /** Draw first parameters, which belong to the caller. */
  init(seed: number): Params;
}
