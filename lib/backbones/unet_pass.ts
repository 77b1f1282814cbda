import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Adapter } from "../nn/mod.ts";
import { checkpointBlock } from "./checkpoint_block.ts";
import type { UnetConfig } from "./unet_config.ts";

/** What every block of one forward pass shares. */
export interface UnetPass {
  /** Widths and depths. */
  readonly config: UnetConfig;
  /** Of the whole UNet, under diffusers names; frozen. */
  readonly params: Params;
  /** Additions to the layers. */
  readonly adapters: readonly Adapter[];
  /** SiLU of the embedding of time and, for SDXL, of sizes and pooled text. `[B, 4 widths[0]]` */
  readonly embedding: tf.Tensor;
  /** Text tokens. `[B, M, contextWidth]`, or `[1, M, contextWidth]` for the whole batch. */
  readonly context: tf.Tensor;
  /** Whether blocks run again for their gradient. */
  readonly checkpointing: boolean;
}

/**
 * Run a block: free what only it needed, and with checkpointing keep nothing but its inputs for the gradient.
 *
 * @param pass What the blocks share.
 * @param block Name of the block; it reads only parameters whose names begin with it.
 * @param x Feature maps or tokens.
 * @param run The block.
 * @returns Its output.
 */
export function runBlock<Maps extends tf.Tensor>(
  pass: UnetPass,
  block: string,
  x: Maps,
  run: (pass: UnetPass, x: Maps) => Maps,
): Maps {
  if (!pass.checkpointing) return tf.tidy(() => run(pass, x));
  // The parameters are frozen and outlive the gradient, so they need not be among the inputs.
  const tensors = { params: {}, adapters: pass.adapters, inputs: [x, pass.embedding, pass.context] };
  return checkpointBlock(block, tensors, ({ adapters, inputs: [x, embedding, context] }) => {
    return run({ ...pass, adapters, embedding, context }, x as Maps);
  }) as Maps;
}
