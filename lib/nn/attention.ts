import { tf } from "../engine/mod.ts";
import { withGradient } from "./gradient.ts";

/**
 * Scaled dot-product attention, `softmax(q k^T / sqrt(C)) v` (Vaswani et al. 2017), without a mask.
 *
 * @param q Queries. `[..., N, C]`
 * @param k Keys. `[..., M, C]`
 * @param v Values. `[..., M, D]`
 * @returns Weighted values. `[..., N, D]`
 */
export function attention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const scale = 1 / Math.sqrt(q.shape[q.shape.length - 1]);
  return withGradient([q, k, v], (q, k, v) => {
    const scaled = q.mul(scale);
    const weights = tf.softmax(tf.matMul(scaled, k, false, true)); // [..., N, M]
    const value = tf.matMul(weights, v);
    return { value, saved: [scaled, k, v, weights, value] };
  }, (dy, [scaled, k, v, weights, value]) => {
    // The softmax's inner product sum_m dP P equals sum_d dO O (Dao et al. 2022). As one more channel of both factors it
    // is subtracted by the product that makes dP, so the large [N, M] arrays are passed over once.
    const inner = dy.mul(value).sum(-1, true).neg();
    const difference = tf.matMul(tf.concat([dy, inner], -1), tf.concat([v, onesColumn(v)], -1), false, true);
    const scores = weights.mul(difference);
    return [
      tf.matMul(scores, k).mul(scale),
      tf.matMul(scores, scaled, true, false),
      tf.matMul(weights, dy, true, false),
    ];
  });
}

function onesColumn(like: tf.Tensor): tf.Tensor {
  return tf.ones([...like.shape.slice(0, -1), 1]);
}
