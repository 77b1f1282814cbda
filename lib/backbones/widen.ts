import { tf, toFloat32 } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";

/**
 * Make room for a condition on the channels: published weights for the latents, zeros for the condition behind them, so
 * that nothing changes until an adapter of this layer is trained (Brooks et al. 2023, InstructPix2Pix).
 *
 * @param params Published weights; they stay as they are.
 * @param module The first layer: `conv_in` of a UNet, `x_embedder` of FLUX.
 * @param channels Input channels that it gets.
 * @returns The same tensors but for the one weight, which is new, float32 and belongs to the caller.
 * @throws {RangeError} If there is no such weight, or it already has more channels.
 */
export function widenInput(params: Params, module: string, channels: number): Params {
  const name = `${module}.weight`, weight = params[name], present = weight?.shape[1] ?? Infinity;
  if (!(present <= channels)) {
    throw new RangeError(
      `Cannot widen ${module} as its weight must have at most ${channels} inputs: current value is [${weight?.shape}]`,
    );
  }
  const paddings = weight.shape.map((_, axis): [number, number] => [0, axis === 1 ? channels - present : 0]);
  return { ...params, [name]: tf.tidy(() => tf.pad(toFloat32(weight), paddings)) };
}
