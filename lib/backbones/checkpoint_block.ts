import { checkpoint, type tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Adapter } from "../nn/mod.ts";

/** All tensors that a block reads and that need a gradient, or that could be freed before the block runs again. */
export interface BlockTensors {
  /** Parameters of the network; those of the block are taken from them by their names. */
  readonly params: Params;
  /** Additions to its layers. */
  readonly adapters: readonly Adapter[];
  /** Tokens or maps, and whatever else is computed on the way. */
  readonly inputs: readonly tf.Tensor[];
}

/**
 * Run a block and keep nothing but its inputs for the gradient, which runs it again (Chen et al. 2016).
 *
 * @param block Name of the block: of `params` and adapters it reads only names that begin with it.
 * @param tensors What the block reads.
 * @param run The block, as a function of the same tensors.
 * @returns Its output.
 */
export function checkpointBlock(
  block: string,
  tensors: BlockTensors,
  run: (tensors: BlockTensors) => tf.Tensor,
): tf.Tensor {
  const { params, adapters, inputs } = tensors;
  const own = (params: Params) => Object.entries(params).filter(([name]) => name.startsWith(`${block}.`));
  const trees = [params, ...adapters.map((adapter) => adapter.params)].map(own);
  const leaves = trees.flatMap((tree) => tree.map(([, tensor]) => tensor));
  return checkpoint((...given) => {
    let next = inputs.length;
    const [params, ...factors] = trees.map((tree) => Object.fromEntries(tree.map(([name]) => [name, given[next++]])));
    return run({
      params,
      adapters: adapters.map((adapter, k) => ({ ...adapter, params: factors[k] })),
      inputs: given.slice(0, inputs.length),
    });
  }, [...inputs, ...leaves]);
}
