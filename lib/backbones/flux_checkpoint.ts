import type { tf } from "../engine/mod.ts";
import { checkpointBlock } from "./checkpoint_block.ts";
import type { FluxPass } from "./flux_blocks.ts";

/**
 * Run a block of a FLUX transformer and keep nothing but its inputs for the gradient.
 *
 * @param pass What the blocks share.
 * @param block Name of the block; it reads only parameters whose names begin with it.
 * @param tokens All tokens, text first. `[B, T + N, C]`
 * @param run The block, from all tokens to all tokens.
 * @returns Tokens after the block. `[B, T + N, C]`
 */
export function checkpointFluxBlock(
  pass: FluxPass,
  block: string,
  tokens: tf.Tensor,
  run: (pass: FluxPass, tokens: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const { params, adapters, modulation, rope: { cos, sin } } = pass;
  return checkpointBlock(block, { params, adapters, inputs: [tokens, modulation, cos, sin] }, (given) => {
    const [tokens, modulation, cos, sin] = given.inputs;
    return run({ ...pass, params: given.params, adapters: given.adapters, modulation, rope: { cos, sin } }, tokens);
  });
}
