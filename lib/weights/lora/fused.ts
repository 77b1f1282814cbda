import { tf } from "../../engine/mod.ts";
import type { TensorScope } from "../../core/mod.ts";
import { fluxParts, originalFluxLayer } from "../flux_names.ts";
import type { LoraLayer } from "./layer.ts";

/** Rows of a fused layer that are one layer of diffusers, and what adapts them. */
interface Slice {
  readonly module: string;
  readonly ranges: readonly (readonly [begin: number, end: number])[];
}

/** Rows of a fused B from one on. */
interface Block {
  readonly begin: number;
  readonly up: tf.Tensor2D;
}

/**
 * Put adapters of layers that the original FLUX has fused side by side: A one above the other, B block-diagonal, so the
 * product is the same. A layer without an adapter has rows of zeros in B.
 *
 * @param layers Of one network, with the same `alpha / rank`.
 * @param scope Gets what is made.
 * @returns Layers under the names of the original.
 * @throws {RangeError} If the original has no such layer.
 */
export function fuseLayers(layers: readonly LoraLayer[], scope: TensorScope): LoraLayer[] {
  const groups = Map.groupBy(layers, ({ module }) => {
    const name = originalFluxLayer(module);
    if (name === undefined) {
      throw new RangeError(`Cannot write adapter for kohya as FLUX must have its layers: current value is ${module}`);
    }
    return name;
  });
  return Array.from(groups, ([name, members]) => {
    const { down, up, alpha } = fuse(name, members);
    return { module: name, alpha, down: scope.own(down), up: scope.own(up) };
  });
}

function fuse(name: string, members: readonly LoraLayer[]): Omit<LoraLayer, "module"> {
  const parts = fluxParts(name)!, adapter = (module: string) => members.find((member) => member.module === module);
  const [first] = members, share = rowCount(parts.find(([module]) => module === first.module)![1]?.(1) ?? [[0, 1]]);
  const total = Math.round(first.up.shape[0] / share);
  const present = parts.flatMap(([module]) => adapter(module) ?? []);
  const rank = present.reduce((sum, { down }) => sum + down.shape[0], 0);
  const blocks = (): Block[] =>
    parts.flatMap(([module, rows]): Block[] => {
      const ranges = rows?.(total) ?? [[0, total]], member = adapter(module);
      if (member === undefined) {
        return ranges.map(([begin, end]) => ({ begin, up: tf.zeros<tf.Rank.R2>([end - begin, rank]) }));
      }
      const before = present.slice(0, present.indexOf(member)).reduce((sum, { down }) => sum + down.shape[0], 0);
      const wide: tf.Tensor2D = tf.pad(member.up, [[0, 0], [before, rank - before - member.down.shape[0]]]);
      const chunks = tf.split<tf.Tensor2D>(
        wide,
        ranges.map(([begin, end]) => end - begin),
        0,
      );
      return ranges.map(([begin], i) => ({ begin, up: chunks[i] }));
    });
  return {
    down: tf.concat(present.map(({ down }) => down), 0),
    up: tf.tidy(() => tf.concat(blocks().sort((a, b) => a.begin - b.begin).map(({ up }) => up), 0)),
    alpha: first.alpha * rank / first.down.shape[0],
  };
}

/**
 * Take an adapter of a fused layer apart, into one for every layer of diffusers that is a part of it.
 *
 * A block-diagonal B gives each its own rows of A and nothing of the others'; any other gives each all of A.
 *
 * @param layer Under the name of the original. Its tensors stay the caller's.
 * @param scope Gets what is made.
 * @throws {RangeError} If the original has no such layer.
 */
export function splitFused(layer: LoraLayer, scope: TensorScope): LoraLayer[] {
  const parts = fluxParts(layer.module), [length, rank] = layer.up.shape;
  if (parts === undefined) {
    throw new RangeError(`Cannot take adapter apart as FLUX must have its layers: current value is ${layer.module}`);
  }
  const slices = parts.map(([module, rows]): Slice => ({ module, ranges: rows?.(length) ?? [[0, length]] }));
  const columns = usedColumns(layer, slices);
  return slices.flatMap(({ module, ranges }, i) => {
    if (columns[i].length === 0) return []; // B is zero here: the layer has no adapter
    const up = () => tf.concat(ranges.map(([begin, end]) => layer.up.slice([begin, 0], [end - begin, rank])), 0);
    if (columns[i].length === rank) return [{ ...layer, module, up: scope.own(tf.tidy(up)) }];
    const own = tf.tidy(() => {
      const at = tf.tensor1d(columns[i], "int32");
      return { down: tf.gather(layer.down, at, 0), up: tf.gather(up(), at, 1) };
    });
    return [{ module, ...scope.own(own), alpha: layer.alpha * columns[i].length / rank }];
  });
}

/**
 * Columns of B that count for each slice: equal blocks where there is nothing beside them, otherwise those that are not
 * zero. An adapter that is zero, as before its training, keeps all of them.
 */
function usedColumns({ up }: LoraLayer, slices: readonly Slice[]): number[][] {
  const [, rank] = up.shape, values = up.dataSync();
  const used = slices.map(({ ranges }) => {
    const found = new Set<number>();
    for (const [begin, end] of ranges) {
      for (let at = begin * rank; at < end * rank; at++) if (values[at] !== 0) found.add(at % rank);
    }
    return [...found].sort((a, b) => a - b);
  });
  if (used.every(({ length }) => length === 0)) return used.map(() => Array.from({ length: rank }, (_, k) => k));
  const block = rank / slices.length;
  const inBlocks = used.every((columns, i) => columns.every((column) => Math.floor(column / block) === i));
  if (!Number.isInteger(block) || !inBlocks) return used;
  return slices.map((_, i) => Array.from({ length: block }, (_, k) => i * block + k));
}

function rowCount(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [begin, end]) => sum + end - begin, 0);
}
