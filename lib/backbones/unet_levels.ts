import { tf } from "../engine/mod.ts";
import { conv2d, linear, resnetBlock, upsampleNearest } from "../nn/mod.ts";
import { runBlock, type UnetPass } from "./unet_pass.ts";
import { spatialTransformer } from "./unet_transformer.ts";

/** Added to the variance in the residual blocks of a UNet; those of the autoencoders take 1e-6. */
export const RESIDUAL_EPSILON = 1e-5;

/**
 * Run one level on the way down: residual blocks, each followed by a transformer where the level attends, and half the
 * size, but for the last level.
 *
 * @param pass What the blocks share.
 * @param level 0 is the finest.
 * @param x Feature maps. `[B, H, W, C]`
 * @returns The maps after every block and after halving, which the way up gets back; the last are those of the next level.
 */
export function downLevel(pass: UnetPass, level: number, x: tf.Tensor4D): tf.Tensor4D[] {
  const { config: { layers, widths }, params } = pass, block = `down_blocks.${level}`;
  return tf.tidy(() => {
    const maps = [x];
    for (let layer = 0; layer < layers; layer++) {
      maps.push(attending(pass, level, block, layer, residual(pass, `${block}.resnets.${layer}`, maps[layer])));
    }
    if (level < widths.length - 1) {
      maps.push(conv2d(params, `${block}.downsamplers.0.conv`, maps[layers], { stride: 2, padding: 1 }));
    }
    return maps.slice(1);
  });
}

/**
 * Run the middle: a residual block, a transformer and a residual block.
 *
 * @param pass What the blocks share.
 * @param x Feature maps of the coarsest level. `[B, H, W, C]`
 * @returns Feature maps. `[B, H, W, C]`
 */
export function middle(pass: UnetPass, x: tf.Tensor4D): tf.Tensor4D {
  const { middleDepth: depth, heads } = pass.config;
  const shape = { depth, heads: heads[heads.length - 1] };
  return tf.tidy(() => {
    const first = residual(pass, "mid_block.resnets.0", x);
    return residual(pass, "mid_block.resnets.1", spatialTransformer(pass, "mid_block.attentions.0", first, shape));
  });
}

/**
 * Run one level on the way up: residual blocks on the maps beside those of the way down, each followed by a transformer
 * where the level attends, and twice the size, but for the finest level.
 *
 * @param pass What the blocks share.
 * @param level 0 is the finest.
 * @param x Feature maps. `[B, H, W, C']`
 * @param skips Maps of the way down; the last ones are taken off.
 * @returns Feature maps. `[B, 2 H, 2 W, C]`
 */
export function upLevel(pass: UnetPass, level: number, x: tf.Tensor4D, skips: tf.Tensor4D[]): tf.Tensor4D {
  const { config: { layers, widths }, params } = pass, block = `up_blocks.${widths.length - 1 - level}`;
  return tf.tidy(() => {
    let maps = x;
    for (let layer = 0; layer <= layers; layer++) {
      const joined = tf.concat([maps, skips.pop()!], 3);
      maps = attending(pass, level, block, layer, residual(pass, `${block}.resnets.${layer}`, joined));
    }
    return level === 0
      ? maps
      : conv2d(params, `${block}.upsamplers.0.conv`, upsampleNearest(maps), { padding: "same" });
  });
}

function residual(pass: UnetPass, block: string, x: tf.Tensor4D): tf.Tensor4D {
  return runBlock(pass, block, x, ({ config: { groups }, params, adapters, embedding }, x) => {
    const shift = linear(params, `${block}.time_emb_proj`, embedding, adapters);
    return resnetBlock(params, block, x, { groups, epsilon: RESIDUAL_EPSILON, shift });
  });
}

function attending(pass: UnetPass, level: number, block: string, layer: number, x: tf.Tensor4D): tf.Tensor4D {
  const depth = pass.config.depths[level], heads = pass.config.heads[level];
  return depth === 0 ? x : spatialTransformer(pass, `${block}.attentions.${layer}`, x, { depth, heads });
}
