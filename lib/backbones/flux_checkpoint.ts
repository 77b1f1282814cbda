import { checkpoint, type tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { FluxPass } from "./flux_blocks.ts";

/**
 * Run a block and keep nothing but its inputs for the gradient, which runs it again (Chen et al. 2016).
 *
 * @param pass What the blocks share.
 * @param block Name of the block; it reads only parameters whose names begin with it.
 * @param tokens All tokens, text first. `[B, T + N, C]`
 * @param run The block, from all tokens to all tokens.
 * @returns Tokens after the block. `[B, T + N, C]`
 */
export function checkpointBlock(
  pass: FluxPass,
  block: string,
  tokens: tf.Tensor,
  run: (pass: FluxPass, tokens: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const own = (params: Params) => Object.entries(params).filter(([name]) => name.startsWith(`${block}.`));
  const trees = [pass.params, ...pass.adapters.map((adapter) => adapter.params)].map(own);
  const leaves = trees.flatMap((tree) => tree.map(([, tensor]) => tensor));
  // All that the block reads is an argument, also the rotary table: what is not could be freed before the second run.
  return checkpoint((tokens, modulation, cos, sin, ...given) => {
    let next = 0;
    const [params, ...factors] = trees.map((tree) => Object.fromEntries(tree.map(([name]) => [name, given[next++]])));
    const adapters = pass.adapters.map((adapter, k) => ({ ...adapter, params: factors[k] }));
    return run({ ...pass, params, adapters, modulation, rope: { cos, sin } }, tokens);
  }, [tokens, pass.modulation, pass.rope.cos, pass.rope.sin, ...leaves]);
}
