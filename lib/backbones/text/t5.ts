import { tf } from "../../engine/mod.ts";
import { type Params, tensorScope } from "../../core/mod.ts";
import { biasedAttention, gelu, linear, rmsNorm } from "../../nn/mod.ts";
import { type PartReader, withPart } from "./parts.ts";
import type { T5Config } from "./t5_config.ts";
import { embedTokens } from "./tokens.ts";

/**
 * Encode texts by a T5 encoder (Raffel et al. 2020), without a mask: the padding is attended to, as FLUX does.
 *
 * Weights are read block by block and freed again.
 *
 * @param config Widths and depths.
 * @param read Gives the weights under their published names, those of `t5Shapes(config)`.
 * @param ids Tokens of the texts, all of one length.
 * @returns States after the last norm. `[B, N, width]`
 * @throws {RangeError} If the texts are of different lengths, or a token is not in the vocabulary.
 */
export async function encodeT5(
  config: T5Config,
  read: PartReader,
  ids: readonly (readonly number[])[],
): Promise<tf.Tensor3D> {
  using scope = tensorScope();
  let states = await withPart(read, "shared.", (params) => embedTokens(params["shared.weight"], ids));
  scope.own(states);
  let bias: tf.Tensor | undefined;
  for (let i = 0; i < config.blocks; i++) {
    const block = `encoder.block.${i}`;
    const next = await withPart(read, `${block}.`, (params) => {
      // The first block's relative positions hold for all.
      bias ??= scope.own(positionBias(config, params, ids[0].length));
      const given = bias;
      return tf.tidy(() => t5Block(config, params, block, states, given));
    });
    states.dispose();
    states = scope.own(next);
  }
  return await withPart(read, "encoder.final_layer_norm.", (params) => {
    return tf.tidy(() => rmsNorm(states, params["encoder.final_layer_norm.weight"], config.epsilon)) as tf.Tensor3D;
  });
}

function t5Block(config: T5Config, params: Params, block: string, x: tf.Tensor3D, bias: tf.Tensor): tf.Tensor3D {
  const { heads, headWidth, epsilon } = config, [batch, count] = x.shape;
  const norm = (x: tf.Tensor, layer: number) => {
    return rmsNorm(x, params[`${block}.layer.${layer}.layer_norm.weight`], epsilon);
  };
  const normed = norm(x, 0);
  const [q, k, v] = ["q", "k", "v"].map((name) =>
    linear(params, `${block}.layer.0.SelfAttention.${name}`, normed)
      .reshape([batch, count, heads, headWidth]).transpose([0, 2, 1, 3])
  ); // [B, heads, N, headWidth]
  const seen = biasedAttention(q, k, v, bias, 1).transpose([0, 2, 1, 3]).reshape([batch, count, heads * headWidth]);
  const attended = x.add(linear(params, `${block}.layer.0.SelfAttention.o`, seen));
  const dense = `${block}.layer.1.DenseReluDense`, second = norm(attended, 1);
  const hidden = gelu(linear(params, `${dense}.wi_0`, second)).mul(linear(params, `${dense}.wi_1`, second));
  return attended.add(linear(params, `${dense}.wo`, hidden));
}

/** What is added to the scores of every head, by relative position. `[1, heads, N, N]` */
function positionBias(config: T5Config, params: Params, count: number): tf.Tensor {
  const table = params["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"];
  const buckets = Int32Array.from({ length: count * count }, (_, i) => {
    return relativeBucket(i % count - Math.floor(i / count), config);
  });
  return tf.tidy(() =>
    tf.gather(table, tf.tensor1d(buckets, "int32")).reshape([count, count, config.heads]).transpose([2, 0, 1])
      .expandDims(0)
  );
}

/** Half of the buckets for keys behind the query; in each half, near ones one by one, far ones in growing ranges. */
function relativeBucket(key: number, { buckets, farthest }: T5Config): number {
  const half = buckets / 2, single = half / 2, distance = Math.abs(key), side = key > 0 ? half : 0;
  if (distance < single) return side + distance;
  const growth = Math.log(distance / single) / Math.log(farthest / single);
  return side + Math.min(half - 1, single + Math.trunc(growth * (half - single)));
}
