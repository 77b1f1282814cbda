import { tf } from "../engine/mod.ts";
import { blockedAttention } from "./blocked_attention.ts";

/**
 * Attend by several heads side by side on the channels (Vaswani et al. 2017), without projections.
 *
 * @param q Queries. `[B, N, C]`
 * @param k Keys. `[B, M, C]`, or `[1, M, C]` for the whole batch.
 * @param v Values, as the keys.
 * @param heads Number of heads, which divides C.
 * @returns Weighted values. `[B, N, C]`
 */
export function multiHeadAttention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number): tf.Tensor {
  const batch = k.shape[0], width = q.shape[2]! / heads;
  // With keys for the whole batch the queries of all samples are one sequence: no product of unequal batches.
  const [queries, keys, values] = [q, k, v].map((x) => x.reshape([batch, -1, heads, width]).transpose([0, 2, 1, 3])); // [B, heads, N, C / heads]
  return blockedAttention(queries, keys, values).transpose([0, 2, 1, 3]).reshape(q.shape);
}
