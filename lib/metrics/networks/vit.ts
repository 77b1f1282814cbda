import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { blockLayouts, conv2d, transformerBlock } from "../../nn/mod.ts";
import { blockShapes } from "./block_shapes.ts";
import { convShapes, joinShapes, type Shapes } from "./layout.ts";

/** Sizes of a vision transformer. */
export interface VitConfig {
  /** Side of the square images. */
  readonly side: number;
  /** Side of a patch. */
  readonly patch: number;
  /** Of the tokens. */
  readonly width: number;
  /** Between the two layers of a block. */
  readonly hidden: number;
  /** Attention heads. */
  readonly heads: number;
}

/** ViT-B/8 for 224 px, of timm. */
export const vitB8: VitConfig = { side: 224, patch: 8, width: 768, hidden: 3072, heads: 12 };

/**
 * Shapes of a vision transformer's parameters, as timm names them, up to its last block in use.
 *
 * @param module Prefix of the names.
 * @param depth Blocks.
 */
export function vitShapes(module: string, config: VitConfig, depth: number): Shapes {
  const { side, patch, width, hidden } = config;
  return joinShapes([
    { [`${module}.cls_token`]: [1, 1, width], [`${module}.pos_embed`]: [1, (side / patch) ** 2 + 1, width] },
    convShapes(`${module}.patch_embed.proj`, 3, width, patch),
    ...Array.from(
      { length: depth },
      (_, i) => blockShapes(`${module}.blocks.${i}`, blockLayouts.timm, width, hidden),
    ),
  ]);
}

/**
 * Apply a vision transformer (Dosovitskiy et al. 2021) and return what some of its blocks give, without the class token.
 *
 * @param module Prefix of the names.
 * @param x Images. `[B, side, side, 3]`
 * @param blocks Blocks to return, counted from 0, ascending; those after the last are not computed.
 * @returns Tokens of these blocks, side by side. `[B, N, width * blocks]`
 */
export function vitTokens(
  params: Params,
  module: string,
  config: VitConfig,
  x: tf.Tensor4D,
  blocks: readonly number[],
): tf.Tensor3D {
  const { width, patch, heads } = config;
  const batch = x.shape[0];
  return tf.tidy(() => {
    const patches = conv2d(params, `${module}.patch_embed.proj`, x, { stride: patch }).reshape([batch, -1, width]);
    const first = params[`${module}.cls_token`].tile([batch, 1, 1]);
    let tokens: tf.Tensor = tf.concat([first, patches], 1).add(params[`${module}.pos_embed`]); // [B, 1 + N, C]
    const wanted: tf.Tensor[] = [];
    for (let i = 0; i <= blocks[blocks.length - 1]; i++) {
      const next = transformerBlock(params, `${module}.blocks.${i}`, tokens, { layout: blockLayouts.timm, heads });
      tokens.dispose();
      tokens = next;
      if (blocks.includes(i)) wanted.push(tf.slice(tokens, [0, 1, 0], [batch, -1, width]));
    }
    return tf.concat(wanted, -1) as tf.Tensor3D;
  });
}
