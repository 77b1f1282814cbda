import * as tf from "./tf.ts";

/** Tensors in arrays and plain records, nested as deep as one likes. */
export type TensorTree = tf.Tensor | readonly TensorTree[] | { readonly [key: string]: TensorTree };

/** A tree taken apart. */
export interface Flattened {
  readonly leaves: tf.Tensor[];
  /** The same for two trees of the same structure, whatever their tensors. */
  readonly structure: string;
}

/**
 * Takes a tree apart; records keep the order of their keys.
 *
 * @throws {TypeError} If a leaf is no tensor.
 */
export function flatten(tree: TensorTree, what = "tree"): Flattened {
  const leaves: tf.Tensor[] = [];
  const visit = (node: TensorTree, path: string): string => {
    if (node instanceof tf.Tensor) {
      leaves.push(node);
      return "t";
    }
    if (isList(node)) return `[${node.map((child, index) => visit(child, `${path}[${index}]`)).join()}]`;
    if (isRecord(node)) {
      const parts = Object.entries(node).map(([key, child]) =>
        `${JSON.stringify(key)}:${visit(child, `${path}.${key}`)}`
      );
      return `{${parts.join()}}`;
    }
    throw new TypeError(`Cannot use ${path} as every leaf must be a tensor: current value is ${describe(node)}`);
  };
  return { structure: visit(tree, what), leaves };
}

/** Returns `like` with other leaves, in the order of `flatten`. */
export function unflatten<T extends TensorTree>(like: T, leaves: readonly tf.Tensor[]): T {
  let next = 0;
  const build = (node: TensorTree): TensorTree => {
    if (node instanceof tf.Tensor) return leaves[next++];
    if (isList(node)) return node.map(build);
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, build(child)]));
  };
  return build(like) as T;
}

function isList(node: TensorTree): node is readonly TensorTree[] {
  return Array.isArray(node);
}

function isRecord(node: unknown): node is Record<string, TensorTree> {
  return typeof node === "object" && node !== null && [Object.prototype, null].includes(Object.getPrototypeOf(node));
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null ? value.constructor?.name ?? "object" : String(value);
}
