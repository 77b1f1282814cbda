import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import {
  blockedAttention,
  conv2d,
  groupNorm,
  jointLinear,
  linear,
  normedConv,
  resnetBlock,
  upsampleNearest,
} from "../../nn/mod.ts";
import type { AutoencoderConfig } from "./config.ts";

/** Attention scores in memory at a time, 64 MiB: as fast as all of them at once. */
const SCORES = 2 ** 24;

/** Added to the variance of every norm. */
const EPSILON = 1e-6;

/** A part of the encoder or decoder, from the maps of the part before to its own. */
export interface AutoencoderStage {
  /** Of the module in a checkpoint. */
  readonly name: string;
  /** Maps to maps. `[B, H, W, C]` */
  readonly apply: (x: tf.Tensor4D) => tf.Tensor4D;
}

/**
 * List the parts of an encoder: convolution, levels, middle, last convolution; from images to means and log variances.
 *
 * @param config Widths and depths.
 * @param params Under the names of `autoencoderShapes(config)`.
 */
export function encoderStages(config: AutoencoderConfig, params: Params): AutoencoderStage[] {
  const { widths, resnets } = config;
  return [
    stage("encoder.conv_in", (x, name) => conv2d(params, name, x, { padding: "same" })),
    ...widths.map((_, i) =>
      stage(`encoder.down_blocks.${i}`, (x, name) => {
        const maps = level(config, params, name, x, resnets);
        return i < widths.length - 1 ? halve(params, `${name}.downsamplers.0.conv`, maps) : maps;
      })
    ),
    stage("encoder.mid_block", (x, name) => middle(config, params, name, x)),
    stage("encoder.conv_out", (x, name) => normedConv(params, "encoder.conv_norm_out", name, x, norms(config))),
    ...(config.quantConv ? [stage("quant_conv", (x, name) => conv2d(params, name, x))] : []),
  ];
}

/**
 * List the parts of a decoder: convolution, middle, levels, last convolution; from latents to images.
 *
 * @param config Widths and depths.
 * @param params Under the names of `autoencoderShapes(config)`.
 */
export function decoderStages(config: AutoencoderConfig, params: Params): AutoencoderStage[] {
  const { widths, resnets } = config;
  return [
    ...(config.postQuantConv ? [stage("post_quant_conv", (x, name) => conv2d(params, name, x))] : []),
    stage("decoder.conv_in", (x, name) => conv2d(params, name, x, { padding: "same" })),
    stage("decoder.mid_block", (x, name) => middle(config, params, name, x)),
    ...widths.map((_, i) =>
      stage(`decoder.up_blocks.${i}`, (x, name) => {
        const maps = level(config, params, name, x, resnets + 1);
        if (i === widths.length - 1) return maps;
        return conv2d(params, `${name}.upsamplers.0.conv`, upsampleNearest(maps), { padding: "same" });
      })
    ),
    stage("decoder.conv_out", (x, name) => normedConv(params, "decoder.conv_norm_out", name, x, norms(config))),
  ];
}

/**
 * Let every pixel attend to all others with one head, added to the maps. Memory does not grow with the square of the
 * pixels: at 1024 x 1024 all scores together would take 1 GiB.
 *
 * @param params Hold `group_norm`, `to_q`, `to_k`, `to_v` and `to_out.0` under `<module>.`.
 * @param x Maps. `[B, H, W, C]`
 * @returns Maps. `[B, H, W, C]`
 */
export function pixelAttention(
  config: AutoencoderConfig,
  params: Params,
  module: string,
  x: tf.Tensor4D,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape, norm = `${module}.group_norm`;
  return tf.tidy(() => {
    const normed = groupNorm(x, params[`${norm}.weight`], params[`${norm}.bias`], norms(config));
    const heads = ["to_q", "to_k", "to_v"].map((name) => `${module}.${name}`);
    const [q, k, v] = jointLinear(params, heads, normed.reshape([batch, height * width, channels]));
    return x.add(linear(params, `${module}.to_out.0`, blockedAttention(q, k, v, SCORES)).reshape(x.shape));
  });
}

/** Run stages one after the other; each frees what only it needed. */
export function runStages(stages: readonly AutoencoderStage[], x: tf.Tensor4D): tf.Tensor4D {
  return stages.reduce((maps, { apply }) => {
    const next = tf.tidy(() => apply(maps));
    if (maps !== x) maps.dispose();
    return next;
  }, x);
}

function stage(name: string, apply: (x: tf.Tensor4D, name: string) => tf.Tensor4D): AutoencoderStage {
  return { name, apply: (x) => apply(x, name) };
}

/** The residual blocks of one level. */
function level(config: AutoencoderConfig, params: Params, module: string, x: tf.Tensor4D, count: number): tf.Tensor4D {
  const block = (j: number) => stage(`${module}.resnets.${j}`, (x, name) => resnet(config, params, name, x));
  return runStages(Array.from({ length: count }, (_, j) => block(j)), x);
}

function middle(config: AutoencoderConfig, params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  const first = resnet(config, params, `${module}.resnets.0`, x);
  const seen = config.midAttention ? pixelAttention(config, params, `${module}.attentions.0`, first) : first;
  return resnet(config, params, `${module}.resnets.1`, seen);
}

function resnet(config: AutoencoderConfig, params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  return resnetBlock(params, module, x, norms(config));
}

/** Convolve with stride 2; zeros right and below only, whatever the parity of the sides. */
function halve(params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  return conv2d(params, module, tf.pad(x, [[0, 0], [0, 1], [0, 1], [0, 0]]), { stride: 2 });
}

function norms({ groups }: AutoencoderConfig): { groups: number; epsilon: number } {
  return { groups, epsilon: EPSILON };
}
