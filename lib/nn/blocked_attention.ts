import { delayed, tf } from "../engine/mod.ts";
import { attention, attentionBackward, attentionForward } from "./attention.ts";
import { withGradient } from "./gradient.ts";

/** Attention scores in memory at a time, by default: 256 MiB. */
const SCORES = 2 ** 26;

/**
 * Attend with scaled dot products, some queries after the other, so that no array of all scores is ever made.
 *
 * The value is that of {@linkcode attention}. Where there are several blocks, a gradient computes their scores again, one
 * block after the other: each has gradients of all keys and values.
 *
 * @param q Queries. `[..., N, C]`
 * @param k Keys. `[..., M, C]`
 * @param v Values. `[..., M, D]`
 * @param limit Scores in memory at a time, of all heads and samples together; at least one row of them is made.
 * @param scale Factor of the scores, `1 / sqrt(C)` by default.
 * @returns Weighted values. `[..., N, D]`
 */
export function blockedAttention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  limit: number = SCORES,
  scale: number = 1 / Math.sqrt(q.shape[q.rank - 1]),
): tf.Tensor {
  const axis = q.rank - 2, queries = q.shape[axis];
  const perQuery = k.size / k.shape[k.rank - 1]; // scores of one query in all heads and samples
  const rows = Math.max(1, Math.floor(limit / perQuery));
  if (rows >= queries) return attention(q, k, v, scale);
  const starts = Array.from({ length: Math.ceil(queries / rows) }, (_, block) => block * rows);
  const block = (x: tf.Tensor, start: number) => {
    const begin = x.shape.map((_, a) => a === axis ? start : 0);
    return tf.slice(x, begin, x.shape.map((length, a) => a === axis ? Math.min(rows, queries - start) : length));
  };
  return withGradient([scale === 1 ? q : q.mul(scale), k, v], (q, k, v) => {
    const parts: tf.Tensor[] = [];
    for (const start of starts) {
      parts.push(tf.tidy(() => {
        const [rows, keys, values] = after([block(q, start), k, v], parts.slice(-1));
        return attentionForward(rows, keys, values).value;
      }));
    }
    return { value: tf.concat(parts, axis), saved: [q, k, v] };
  }, (dy, [q, k, v]) => {
    const parts: tf.Tensor[] = [];
    let sums: tf.Tensor[] = [];
    for (const start of starts) {
      const [part, ...next] = tf.tidy(() => {
        const [rows, keys, values, dRows] = after([block(q, start), k, v, block(dy, start)], sums);
        const { saved } = attentionForward(rows, keys, values);
        const [dq, ...others] = attentionBackward(dRows, saved);
        return [dq, ...others.map((gradient, i) => i < sums.length ? sums[i].add<tf.Tensor>(gradient) : gradient)];
      });
      tf.dispose(sums);
      sums = next;
      parts.push(part);
    }
    return [tf.concat(parts, axis), ...sums];
  });
}

/** The same tensors, in a traced step not before others have been computed: one block follows the other. */
function after(tensors: readonly tf.Tensor[], signals: readonly tf.Tensor[]): readonly tf.Tensor[] {
  return signals.reduce((waiting: readonly tf.Tensor[], signal) => delayed(waiting, signal), tensors);
}
