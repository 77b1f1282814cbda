import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { affineLayerNorm, blockLayouts, type BlockOptions, conv2d, feedForward, selfAttention } from "../../nn/mod.ts";
import { blockShapes } from "./block_shapes.ts";
import { convShapes, joinShapes, type Shapes } from "./layout.ts";
import { joinWindows, roll, shiftMask, splitWindows } from "./swin_windows.ts";

/** Sizes of MANIQA's Swin stage. */
export interface SwinConfig {
  /** Between the two layers of a block. */
  readonly hidden: number;
  /** Attention heads. */
  readonly heads: number;
  /** Side of a window. */
  readonly window: number;
  /** Factor of a layer's output before it is added to its input. */
  readonly scale: number;
}

/** Layers of a stage and blocks of a layer; every second block shifts its windows by half. */
const LAYERS = 2, BLOCKS = 2;

/** Shapes of a stage on maps with `width` channels. */
export function swinShapes(module: string, { hidden, heads, window }: SwinConfig, width: number): Shapes {
  const layers = Array.from({ length: LAYERS }, (_, i) => `${module}.layers.${i}`);
  return joinShapes(layers.flatMap((layer) => [
    convShapes(`${layer}.conv`, width, width, 3),
    ...Array.from({ length: BLOCKS }, (_, i) => ({
      ...blockShapes(`${layer}.blocks.${i}`, blockLayouts.timm, width, hidden),
      [`${layer}.blocks.${i}.attn.relative_position_bias_table`]: [(2 * window - 1) ** 2, heads],
    })),
  ]));
}

/**
 * Apply a stage of MANIQA (Yang et al. 2022): layers of shifted-window attention (Liu et al. 2021) and a convolution,
 * each scaled and added to its input.
 *
 * @param module Prefix of the names.
 * @param x Maps whose sides the window divides. `[B, H, W, C]`
 * @returns Maps. `[B, H, W, C]`
 */
export function swinStage(params: Params, module: string, config: SwinConfig, x: tf.Tensor4D): tf.Tensor4D {
  let maps = x;
  for (let i = 0; i < LAYERS; i++) {
    const layer = `${module}.layers.${i}`;
    maps = tf.tidy(() => {
      const first = swinBlock(params, `${layer}.blocks.0`, config, maps, 0);
      const second = swinBlock(params, `${layer}.blocks.1`, config, first, config.window / 2);
      const y = conv2d(params, `${layer}.conv`, second, { padding: "same", activation: "relu" });
      return y.mul(config.scale).add<tf.Tensor4D>(maps);
    });
  }
  return maps;
}

function swinBlock(params: Params, module: string, config: SwinConfig, x: tf.Tensor4D, shift: number): tf.Tensor4D {
  const { window, heads } = config;
  const [batch, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const places = placeBias(params[`${module}.attn.relative_position_bias_table`], window); // [heads, N, N]
    const mask = shiftMask(height, width, window, shift); // [windows, 1, N, N]
    const bias = mask.add(places.expandDims(0)).tile([batch, 1, 1, 1]);
    const options: BlockOptions = { layout: blockLayouts.timm, heads, epsilon: 1e-5, bias };
    const shifted = roll(affineLayerNorm(params, `${module}.norm1`, x, 1e-5) as tf.Tensor4D, -shift);
    const seen = selfAttention(params, module, splitWindows(shifted, window), options);
    const attended = x.add(roll(joinWindows(seen, x.shape, window), shift));
    const tokens = attended.reshape([batch, height * width, channels]);
    return feedForward(params, module, tokens, options).reshape<tf.Tensor4D>(x.shape);
  });
}

/** What the distance between two places of a window adds to their score. `[heads, N, N]` */
function placeBias(table: tf.Tensor, window: number): tf.Tensor {
  const count = window * window, span = 2 * window - 1;
  const places = Int32Array.from({ length: count * count }, (_, i) => {
    const [a, b] = [Math.floor(i / count), i % count];
    const down = Math.floor(a / window) - Math.floor(b / window), right = a % window - b % window;
    return (down + window - 1) * span + right + window - 1;
  });
  return table.gather(tf.tensor1d(places, "int32")).reshape([count, count, -1]).transpose([2, 0, 1]);
}
