import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { type Adapter, linear, silu, sinusoid } from "../nn/mod.ts";
import type { UnetConfig } from "./unet_config.ts";

/** What the embedding of a UNet is made of. */
export interface UnetEmbeddingInputs {
  /** Whole numbers from 0 (little noise) to 999. `[B]` */
  readonly timestep: tf.Tensor1D;
  /** Pooled text, where the UNet has that input. `[B, pooledWidth]` or `[1, pooledWidth]` */
  readonly pooled?: tf.Tensor;
  /** Six sizes in pixels, with the pooled text: see `SIZE_COUNT`. `[B, 6]` or `[1, 6]` */
  readonly sizes?: tf.Tensor;
}

/**
 * Embed the time and, for SDXL, sizes and pooled text (Podell et al. 2023).
 *
 * @param config Widths.
 * @param params Of the whole UNet.
 * @param inputs What is embedded.
 * @param adapters Additions to the linear layers.
 * @returns Sum of the embeddings. `[B, 4 widths[0]]`
 * @throws {RangeError} If pooled text or sizes are given to a UNet without that input, or missing where there is one.
 */
export function unetEmbedding(
  config: UnetConfig,
  params: Params,
  { timestep, pooled, sizes }: UnetEmbeddingInputs,
  adapters: readonly Adapter[] = [],
): tf.Tensor {
  const { added, widths } = config;
  for (const [name, value] of Object.entries({ pooled, sizes })) {
    if ((value !== undefined) === (added !== undefined)) continue;
    const rule = added ? `it needs ${name}` : `it has no input for ${name}`;
    throw new RangeError(`Cannot embed time for UNet as ${rule}: current value is ${value && `[${value.shape}]`}`);
  }
  const embed = (module: string, x: tf.Tensor) => {
    const hidden = silu(linear(params, `${module}.linear_1`, x, adapters));
    return linear(params, `${module}.linear_2`, hidden, adapters);
  };
  const time = embed("time_embedding", sinusoid(timestep, widths[0]));
  if (!added) return time;
  const waves = sinusoid(sizes!.reshape<tf.Tensor1D>([-1]), added.sizeWidth).reshape([sizes!.shape[0], -1]);
  return time.add(embed("add_embedding", tf.concat([pooled!, waves], 1)));
}
