import type { tf } from "../engine/mod.ts";
import { affineLayerNorm, geglu, groupNorm, linear, multiHeadAttention, pointwise } from "../nn/mod.ts";
import { runBlock, type UnetPass } from "./unet_pass.ts";

/**
 * Let the pixels of feature maps attend to each other and to the text (Rombach et al. 2022): norm, projection,
 * transformer blocks and projection, added to the input.
 *
 * @param pass What the blocks share.
 * @param module Name of the transformer, such as `mid_block.attentions.0`.
 * @param x Feature maps. `[B, H, W, C]`
 * @param shape Number of transformer blocks, and of attention heads.
 * @returns Feature maps. `[B, H, W, C]`
 */
export function spatialTransformer(
  pass: UnetPass,
  module: string,
  x: tf.Tensor4D,
  { depth, heads }: { readonly depth: number; readonly heads: number },
): tf.Tensor4D {
  const { params, adapters, config: { groups } } = pass;
  const [batch, height, width, channels] = x.shape;
  let tokens: tf.Tensor = runBlock<tf.Tensor>(pass, `${module}.proj_in`, x, ({ adapters }, x) => {
    const { [`${module}.norm.weight`]: weight, [`${module}.norm.bias`]: bias } = params;
    const normed = groupNorm(x as tf.Tensor4D, weight, bias, { groups, epsilon: 1e-6 });
    return pointwise(params, `${module}.proj_in`, normed.reshape([batch, height * width, channels]), adapters);
  });
  for (let i = 0; i < depth; i++) {
    const block = `${module}.transformer_blocks.${i}`;
    tokens = runBlock(pass, block, tokens, (pass, tokens) => transformerBlock(pass, block, tokens, heads));
  }
  return pointwise(params, `${module}.proj_out`, tokens, adapters).reshape<tf.Tensor4D>(x.shape).add(x);
}

/** Self-attention, attention to the text and a gated feed-forward layer, each added to its input. `[B, N, C]` */
function transformerBlock(pass: UnetPass, block: string, tokens: tf.Tensor, heads: number): tf.Tensor {
  const { params, adapters, context } = pass;
  const apply = (module: string, x: tf.Tensor) => linear(params, `${block}.${module}`, x, adapters);
  const norm = (name: string, x: tf.Tensor) => affineLayerNorm(params, `${block}.${name}`, x, 1e-5);
  const attend = (module: string, x: tf.Tensor, source: tf.Tensor) => {
    const [q, k, v] = [apply(`${module}.to_q`, x), apply(`${module}.to_k`, source), apply(`${module}.to_v`, source)];
    return apply(`${module}.to_out.0`, multiHeadAttention(q, k, v, heads));
  };
  const own = norm("norm1", tokens);
  const among = tokens.add(attend("attn1", own, own));
  const told = among.add(attend("attn2", norm("norm2", among), context));
  return told.add(apply("ff.net.2", geglu(apply("ff.net.0.proj", norm("norm3", told)))));
}
