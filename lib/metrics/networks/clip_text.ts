import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { affineLayerNorm, blockLayouts, causalMask, quickGelu, transformerBlock } from "../../nn/mod.ts";
import { blockShapes } from "./block_shapes.ts";
import { joinShapes, normShapes, type Shapes } from "./layout.ts";

/** Sizes of CLIP's text transformer. */
export interface ClipTextConfig {
  /** Of the tokens. */
  readonly width: number;
  /** Attention heads. */
  readonly heads: number;
  /** Blocks. */
  readonly depth: number;
  /** Tokens of a text, padding included. */
  readonly length: number;
  /** Features of a text. */
  readonly features: number;
}

/** The text transformer of OpenAI's RN50. */
export const clipRn50Text: ClipTextConfig = { width: 512, heads: 8, depth: 12, length: 77, features: 1024 };

/** Shape of every parameter but the words, as OpenAI's file names them; `in_proj_weight` is `in_proj.weight` here. */
export function clipTextShapes({ width, depth, length, features }: ClipTextConfig): Shapes {
  return joinShapes([
    { positional_embedding: [length, width], text_projection: [width, features] },
    ...Array.from(
      { length: depth },
      (_, i) => blockShapes(`transformer.resblocks.${i}`, blockLayouts.clip, width, 4 * width),
    ),
    normShapes("ln_final", width),
  ]);
}

/** Rename `attn.in_proj_weight` and `attn.in_proj_bias` to what a linear layer is called. */
export function clipName(name: string): string {
  return name.replace(/\.in_proj_(weight|bias)$/, ".in_proj.$1");
}

/**
 * Encode texts given as embedded tokens (Radford et al. 2021).
 *
 * @param params As {@linkcode clipTextShapes} names them.
 * @param embedded Tokens of the texts, without positions. `[B, length, width]`
 * @param end Place of the token that ends every text: its features are those of the text.
 * @returns Features of the texts. `[B, features]`
 */
export function clipTextFeatures(
  config: ClipTextConfig,
  params: Params,
  embedded: tf.Tensor3D,
  end: number,
): tf.Tensor2D {
  const { width, heads, depth, length } = config;
  return tf.tidy(() => {
    const options = {
      layout: blockLayouts.clip,
      heads,
      epsilon: 1e-5,
      activation: quickGelu,
      bias: causalMask(length),
    };
    let tokens: tf.Tensor = embedded.add(params.positional_embedding);
    for (let i = 0; i < depth; i++) tokens = transformerBlock(params, `transformer.resblocks.${i}`, tokens, options);
    const last = tf.slice(tokens, [0, end, 0], [embedded.shape[0], 1, width]).reshape([embedded.shape[0], width]);
    return affineLayerNorm(params, "ln_final", last, 1e-5).matMul(params.text_projection);
  }) as tf.Tensor2D;
}
