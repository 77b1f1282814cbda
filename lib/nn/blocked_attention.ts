import { checkpoint, tf } from "../engine/mod.ts";
import { attention } from "./attention.ts";

/** Attention scores in memory at a time, by default: 256 MiB. */
const SCORES = 2 ** 26;

/**
 * Attend with scaled dot products, some queries after the other, so that no array of all scores is ever made.
 *
 * The value is that of {@linkcode attention}. Where there are several blocks, a gradient computes their scores again.
 *
 * @param q Queries. `[..., N, C]`
 * @param k Keys. `[..., M, C]`
 * @param v Values. `[..., M, D]`
 * @param limit Scores in memory at a time, of all heads and samples together; at least one row of them is made.
 * @returns Weighted values. `[..., N, D]`
 */
export function blockedAttention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, limit = SCORES): tf.Tensor {
  const axis = q.rank - 2, queries = q.shape[axis];
  const perQuery = k.size / k.shape[k.rank - 1]; // scores of one query in all heads and samples
  const rows = Math.max(1, Math.floor(limit / perQuery));
  if (rows >= queries) return attention(q, k, v);
  return tf.tidy(() => {
    const parts: tf.Tensor[] = [];
    for (let start = 0; start < queries; start += rows) {
      const begin = q.shape.map((_, a) => a === axis ? start : 0);
      const size = q.shape.map((length, a) => a === axis ? Math.min(rows, queries - start) : length);
      parts.push(tf.tidy(() => checkpoint((q, k, v) => attention(q, k, v), [tf.slice(q, begin, size), k, v])));
    }
    return tf.concat(parts, axis);
  });
}
