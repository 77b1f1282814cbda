import { tf } from "../engine/mod.ts";
import type { TensorTree } from "../engine/mod.ts";

/** Owns tensors across `await`, where `tf.tidy` cannot. */
export interface TensorScope extends Disposable {
  /** Hand tensors to the scope: they are disposed with it. Returns them, so that a call can be wrapped. */
  own<T extends TensorTree>(tensors: T): T;
  /** Take tensors out of the scope: they outlive it and belong to the caller again. Returns them. */
  keep<T extends TensorTree>(tensors: T): T;
}

/**
 * Open a scope that owns the tensors handed to it and disposes them at the end of the block, also when the block throws.
 *
 * Unlike the engine's own scopes it may stay open across `await`: it touches only what it was given.
 *
 * ```ts
 * using scope = tensorScope();
 * const v = scope.own(await step(xt, t));
 * return scope.keep(tf.add(xt, v));
 * ```
 *
 * @returns An empty scope, for `using`.
 */
export function tensorScope(): TensorScope {
  const owned = new Set<tf.Tensor>();
  return {
    own<T extends TensorTree>(tensors: T): T {
      for (const tensor of tensorsOf(tensors)) owned.add(tensor);
      return tensors;
    },
    keep<T extends TensorTree>(tensors: T): T {
      for (const tensor of tensorsOf(tensors)) owned.delete(tensor);
      return tensors;
    },
    [Symbol.dispose](): void {
      for (const tensor of owned) tensor.dispose();
      owned.clear();
    },
  };
}

/**
 * List the tensors of a tree.
 *
 * @param tree A tensor, or arrays and plain records of them, nested.
 * @returns The tensors, in the order of the tree.
 */
export function tensorsOf(tree: TensorTree): tf.Tensor[] {
  if (tree instanceof tf.Tensor) return [tree];
  return Object.values(tree as readonly TensorTree[] | { readonly [key: string]: TensorTree }).flatMap(tensorsOf);
}
