import { disposeParams, type Params } from "../core/mod.ts";
import { loadParams, type WeightSource } from "../weights/mod.ts";

/** Name that every streamed block gets, so that one traced function serves them all. */
export const BLOCK = "block";

/**
 * Run over the blocks of a network, each of whose weights is in the engine while its turn lasts. The next block is read
 * while one is at work, so two are in memory at most.
 *
 * @param source Holds the blocks' weights under their names.
 * @param blocks Names of the blocks in the order of the run, such as `single_transformer_blocks.0`.
 * @param work Gets a block's name and its weights, renamed to `block.`; they are disposed when it is done.
 * @throws What `work` throws, and errors of reading; nothing is left in the engine then.
 */
export async function overBlocks(
  source: WeightSource,
  blocks: readonly string[],
  work: (block: string, weights: Params) => Promise<void>,
): Promise<void> {
  const names = groupByBlock(Object.keys(source.tensors));
  const load = (block: string) => loadParams(source, names.get(block) ?? []);
  let next: Promise<Params> | undefined = blocks.length > 0 ? load(blocks[0]) : undefined;
  for (const [k, block] of blocks.entries()) {
    const weights = await next!;
    next = k + 1 < blocks.length ? load(blocks[k + 1]) : undefined;
    next?.catch(() => {}); // told when its turn comes
    try {
      await work(block, ofBlock(weights, block));
    } catch (error) {
      await next?.then(disposeParams, () => {});
      throw error;
    } finally {
      disposeParams(weights);
    }
  }
}

/** The parameters of one block, its name replaced by `block`. */
export function ofBlock(params: Params, block: string): Params {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => name.startsWith(`${block}.`))
      .map(([name, tensor]) => [`${BLOCK}${name.slice(block.length)}`, tensor]),
  );
}

/** Tell the block that a parameter belongs to; undefined for those of no block. */
export function blockOf(name: string): string | undefined {
  return /^((?:single_)?transformer_blocks\.\d+)\./.exec(name)?.[1];
}

function groupByBlock(names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const block = blockOf(name);
    if (block !== undefined) groups.set(block, [...groups.get(block) ?? [], name]);
  }
  return groups;
}
