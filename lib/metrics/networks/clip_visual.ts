import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { createRaster, interpolate } from "../../image/mod.ts";
import { attention, conv2d, linear } from "../../nn/mod.ts";
import { batchNormShapes, convShapes, joinShapes, linearShapes, type Shapes } from "./layout.ts";

/** Sizes of CLIP's residual network. */
export interface ClipVisualConfig {
  /** Channels of the first block's middle; the maps end with 32 times as many. */
  readonly width: number;
  /** Blocks of the four layers. */
  readonly blocks: readonly [number, number, number, number];
  /** Heads of the attention pool. */
  readonly heads: number;
  /** Features of an image. */
  readonly features: number;
  /** Positions it was trained with: the class token and the maps' pixels. */
  readonly positions: number;
}

/** RN50 of OpenAI's CLIP. */
export const clipRn50: ClipVisualConfig = {
  width: 64,
  blocks: [3, 4, 6, 3],
  heads: 32,
  features: 1024,
  positions: 50,
};

/** Channels after a block, in channels of its middle. */
const EXPANSION = 4;

/** Shape of every parameter under `visual.`, as OpenAI's file names them, without the batch norms' counters. */
export function clipVisualShapes({ width, blocks, features, positions }: ClipVisualConfig): Shapes {
  const stem = [[3, width / 2], [width / 2, width / 2], [width / 2, width]].map(([from, to], i) => [
    convShapes(`visual.conv${i + 1}`, from, to, 3, false),
    batchNormShapes(`visual.bn${i + 1}`, to),
  ]);
  const layers = blocks.flatMap((count, layer) =>
    Array.from({ length: count }, (_, i) => {
      const middle = width * 2 ** layer, to = EXPANSION * middle;
      return bottleneckShapes(blockName(layer, i), i > 0 ? to : layer > 0 ? to / 2 : width, middle, i === 0);
    })
  );
  const last = 8 * EXPANSION * width;
  return joinShapes([
    ...stem.flat(),
    ...layers,
    { "visual.attnpool.positional_embedding": [positions, last] },
    ...["k_proj", "q_proj", "v_proj"].map((name) => linearShapes(`visual.attnpool.${name}`, last, last)),
    linearShapes("visual.attnpool.c_proj", last, features),
  ]);
}

function bottleneckShapes(module: string, from: number, middle: number, first: boolean): Shapes {
  const to = EXPANSION * middle;
  return joinShapes([
    ...[[from, middle, 1], [middle, middle, 3], [middle, to, 1]].flatMap(([from, to, kernel], i) => [
      convShapes(`${module}.conv${i + 1}`, from, to, kernel, false),
      batchNormShapes(`${module}.bn${i + 1}`, to),
    ]),
    first ? convShapes(`${module}.downsample.0`, from, to, 1, false) : {},
    first ? batchNormShapes(`${module}.downsample.1`, to) : {},
  ]);
}

/**
 * Apply CLIP's residual network up to its last maps (Radford et al. 2021): pools in place of strides, three convolutions
 * in front. Images of any size from 31 x 31.
 *
 * @param x Images, standardised as CLIP's. `[B, H, W, 3]`
 * @returns Maps. `[B, H / 32, W / 32, 32 width]`
 */
export function clipMaps(config: ClipVisualConfig, params: Params, x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    let maps = tf.tidy(() => {
      const first = convNorm(params, "visual", 1, x, 2, 1).relu<tf.Tensor4D>();
      const second = convNorm(params, "visual", 2, first, 1, 1).relu<tf.Tensor4D>();
      return halve(convNorm(params, "visual", 3, second, 1, 1).relu<tf.Tensor4D>());
    });
    config.blocks.forEach((count, layer) => {
      for (let i = 0; i < count; i++) {
        const next = tf.tidy(() => bottleneck(params, blockName(layer, i), maps, layer > 0 && i === 0));
        maps.dispose();
        maps = next;
      }
    });
    return maps;
  });
}

/**
 * Pool maps by attention from their mean.
 *
 * @param maps `[B, H, W, C]`
 * @param positions Whether to add the positional embedding, resized bicubically to the number of pixels: CLIP-IQA+ as
 * first published does not, which makes images of any size alike.
 * @returns Features of the images. `[B, features]`
 */
export function clipPool(
  config: ClipVisualConfig,
  params: Params,
  maps: tf.Tensor4D,
  positions: boolean,
): tf.Tensor2D {
  const [batch, height, width, channels] = maps.shape;
  const { heads } = config;
  return tf.tidy(() => {
    const pixels = maps.reshape([batch, height * width, channels]);
    const bare = tf.concat([pixels.mean(1, true), pixels], 1);
    const embedding = params["visual.attnpool.positional_embedding"] as tf.Tensor2D;
    const tokens = positions ? bare.add(resizePositions(embedding, 1 + height * width)) : bare;
    const project = (name: string, x: tf.Tensor) =>
      linear(params, `visual.attnpool.${name}`, x).reshape([batch, -1, heads, channels / heads])
        .transpose([0, 2, 1, 3]); // [B, heads, N, C / heads]
    const query = project("q_proj", tf.slice(tokens, [0, 0, 0], [batch, 1, channels]));
    const seen = attention(query, project("k_proj", tokens), project("v_proj", tokens));
    return linear(params, "visual.attnpool.c_proj", seen.transpose([0, 2, 1, 3]).reshape([batch, channels]));
  }) as tf.Tensor2D;
}

/** Resize along the tokens as PyTorch's bicubic. `[count, C]` */
function resizePositions(embedding: tf.Tensor2D, count: number): tf.Tensor {
  const [height, width] = embedding.shape;
  const raster = createRaster({ width, height }, 1, embedding.dataSync<"float32">());
  return tf.tensor2d(interpolate(raster, "bicubic", { width, height: count }).data, [count, width]);
}

function bottleneck(params: Params, module: string, x: tf.Tensor4D, halved: boolean): tf.Tensor4D {
  const first = convNorm(params, module, 1, x).relu<tf.Tensor4D>();
  const second = convNorm(params, module, 2, first, 1, 1).relu<tf.Tensor4D>();
  const main = convNorm(params, module, 3, halved ? halve(second) : second);
  if (!(`${module}.downsample.0.weight` in params)) return main.add(x).relu();
  const shortcut = conv2d(params, `${module}.downsample.0`, halved ? halve(x) : x);
  return main.add(batchNorm(params, `${module}.downsample.1`, shortcut)).relu();
}

/** A convolution and its batch norm. */
function convNorm(params: Params, module: string, nth: number, x: tf.Tensor4D, stride = 1, padding = 0): tf.Tensor4D {
  return batchNorm(params, `${module}.bn${nth}`, conv2d(params, `${module}.conv${nth}`, x, { stride, padding }));
}

function batchNorm(params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  const factor = params[`${module}.running_var`].add(1e-5).rsqrt().mul(params[`${module}.weight`]);
  return x.sub(params[`${module}.running_mean`]).mul(factor).add(params[`${module}.bias`]);
}

function halve(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, 2, 2, "valid");
}

function blockName(layer: number, block: number): string {
  return `visual.layer${layer + 1}.${block}`;
}
