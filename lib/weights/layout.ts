import { DataError } from "../core/mod.ts";

/** Where a network's tensor lies in a checkpoint of another layout. */
export interface TensorPiece {
  /** Name in the file. */
  readonly source: string;
  /**
   * Ranges of the first axis, joined in this order: a part of fused layers, or halves that are swapped. All of it where
   * left out.
   */
  readonly rows?: readonly (readonly [begin: number, end: number])[];
}

/** What is known of a tensor before it is read. */
export interface ShapedEntry {
  /** Lengths of its axes. */
  readonly shape: readonly number[];
}

/**
 * Name the tensors of a network after what a checkpoint holds. Names that it does not know stay as they are, so that a
 * comparison with the network lists them.
 *
 * @param entries Shapes by name in the file.
 * @returns Where each tensor of the network lies, by the network's name.
 */
export type Layout = (entries: ReadonlyMap<string, ShapedEntry>) => ReadonlyMap<string, TensorPiece>;

/** The layout of a checkpoint that has the network's names already. */
export const ownNames: Layout = (entries) => new Map(Array.from(entries.keys(), (name) => [name, { source: name }]));

/**
 * Shape of a piece.
 *
 * @throws {DataError} If the rows do not lie in the tensor.
 */
export function pieceShape({ source, rows }: TensorPiece, { shape }: ShapedEntry): readonly number[] {
  if (rows === undefined) return shape;
  const [length, ...rest] = shape;
  if (
    !rows.every(([begin, end]) => Number.isInteger(begin) && Number.isInteger(end) && begin <= end && end <= length)
  ) {
    throw new DataError(`Cannot take rows ${rows.join(" and ")} of ${source} as its shape must have them: [${shape}]`);
  }
  return [rows.reduce((sum, [begin, end]) => sum + end - begin, 0), ...rest];
}
