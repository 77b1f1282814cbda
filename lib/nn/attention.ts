import { tf } from "../engine/mod.ts";
import { type Forward, withGradient } from "./gradient.ts";

/**
 * Attend with scaled dot products, `softmax(q k^T / sqrt(C)) v` (Vaswani et al. 2017), without a mask.
 *
 * @param q Queries. `[..., N, C]`
 * @param k Keys. `[..., M, C]`
 * @param v Values. `[..., M, D]`
 * @param scale Factor of the scores, `1 / sqrt(C)` by default.
 * @returns Weighted values. `[..., N, D]`
 */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  scale = 1 / Math.sqrt(q.shape[q.rank - 1]),
): tf.Tensor {
  return withGradient([scale === 1 ? q : q.mul(scale), k, v], attentionForward, attentionBackward);
}

/** Attention of queries that are scaled, with what its gradient reads; see {@linkcode attention}. */
export function attentionForward(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): Forward {
  const weights = tf.softmax(tf.matMul(q, k, false, true)); // [..., N, M]
  const value = tf.matMul(weights, v);
  return { value, saved: [q, k, v, weights, value] };
}

/** Gradients of {@linkcode attentionForward} by queries, keys and values. */
export function attentionBackward(dy: tf.Tensor, [q, k, v, weights, value]: readonly tf.Tensor[]): tf.Tensor[] {
  // The softmax's inner product sum_m dP P equals sum_d dO O (Dao et al. 2022). As one more channel of both factors it
  // is subtracted by the product that makes dP, so the large [N, M] arrays are passed over once.
  const inner = dy.mul(value).sum(-1, true).neg();
  const difference = tf.matMul(tf.concat([dy, inner], -1), tf.concat([v, onesColumn(v)], -1), false, true);
  const scores = weights.mul(difference);
  return [tf.matMul(scores, k), transposedProduct(scores, q), transposedProduct(weights, dy)];
}

/**
 * Attend with a term added to the scores: `softmax(scale q k^T + bias) v`.
 *
 * @param q Queries. `[..., N, C]`
 * @param k Keys. `[..., M, C]`
 * @param v Values. `[..., M, D]`
 * @param bias Relative positions, or a mask: a large negative number where a key must not be seen. Broadcast to
 * `[..., N, M]`.
 * @param scale Factor of the products, `1 / sqrt(C)` by default.
 * @returns Weighted values. `[..., N, D]`
 */
export function biasedAttention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  bias: tf.Tensor,
  scale = 1 / Math.sqrt(q.shape[q.rank - 1]),
): tf.Tensor {
  const scores = tf.matMul(scale === 1 ? q : q.mul(scale), k, false, true);
  return tf.matMul(tf.softmax(scores.add(bias)), v);
}

/**
 * Make the bias that hides from every token those behind it.
 *
 * @param count Number of tokens.
 * @returns Zero where a key may be seen, a large negative number where not. `[N, N]`
 */
export function causalMask(count: number): tf.Tensor2D {
  const values = Float32Array.from({ length: count * count }, (_, i) => i % count > Math.floor(i / count) ? -1e9 : 0);
  return tf.tensor2d(values, [count, count]);
}

/** `large^T small`, as the transpose of `small^T large`: half the time where `large` has far more columns than `small`. */
function transposedProduct(large: tf.Tensor, small: tf.Tensor): tf.Tensor {
  const rank = large.rank;
  const order = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return tf.matMul(small, large, true, false).transpose(order);
}

function onesColumn(like: tf.Tensor): tf.Tensor {
  return tf.ones([...like.shape.slice(0, -1), 1]);
}
