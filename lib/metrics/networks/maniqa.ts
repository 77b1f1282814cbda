import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { attention, linear } from "../../nn/mod.ts";
import { convShapes, joinShapes, linearShapes, type Shapes } from "./layout.ts";
import { type SwinConfig, swinShapes, swinStage } from "./swin.ts";
import { vitB8, type VitConfig, vitShapes, vitTokens } from "./vit.ts";

/** Sizes of a MANIQA network. */
export interface ManiqaConfig {
  /** The vision transformer whose features are rated. */
  readonly vit: VitConfig;
  /** Both stages; the scale differs between the published weights. */
  readonly swin: SwinConfig;
}

/** The published networks: scale 0.8 with the weights of KonIQ and KADID, 0.13 with those of PIPAL. */
export function maniqaConfig(scale: 0.8 | 0.13): ManiqaConfig {
  return { vit: vitB8, swin: { hidden: 768, heads: 4, window: 4, scale } };
}

/** Blocks of the vision transformer whose tokens are used, counted from 0. */
const BLOCKS = [6, 7, 8, 9];
/** Attention blocks between features in front of each stage. */
const ATTENTIONS = [0, 1];

/** Shape of every parameter in use, as the published files name them. */
export function maniqaShapes({ vit, swin }: ManiqaConfig): Shapes {
  const { width } = vit, tokens = (vit.side / vit.patch) ** 2;
  const attention = (module: string) =>
    ["c_q", "c_k", "c_v"].map((q) => linearShapes(`${module}.${q}`, tokens, tokens));
  const head = (module: string) => [
    linearShapes(`${module}.0`, width / 2, width / 2),
    linearShapes(`${module}.3`, width / 2, 1),
  ];
  return joinShapes([
    vitShapes("vit", vit, BLOCKS[BLOCKS.length - 1] + 1),
    ...ATTENTIONS.flatMap((i) => [...attention(`tablock1.${i}`), ...attention(`tablock2.${i}`)]),
    convShapes("conv1", BLOCKS.length * width, width, 1),
    swinShapes("swintransformer1", swin, width),
    convShapes("conv2", width, width / 2, 1),
    swinShapes("swintransformer2", swin, width / 2),
    ...head("fc_score"),
    ...head("fc_weight"),
  ]);
}

/** Names in published files that a score does not need: buffers, and parts that are never reached. */
export const maniqaUnused: RegExp = new RegExp(
  "relative_position_index$|attn_mask$|^swintransformer\\d\\.downsample\\.|^vit\\.(norm|head|blocks\\.1[01])\\.",
);

/**
 * Rate crops of one image, MANIQA (Yang, Wu, Shi, Lao, Gong, Cao, Wang and Yang 2022), up to the sums that the score of
 * the image is made of: score = `sum of weighted scores / (sum of weights + 1e-8)` over the tokens of all its crops.
 *
 * @param crops In [-1, 1]. `[B, side, side, 3]`
 * @returns The sum of weighted scores and the sum of weights. `[2]`
 */
export function maniqaSums(config: ManiqaConfig, params: Params, crops: tf.Tensor4D): tf.Tensor1D {
  return tf.tidy(() => {
    const features = maniqaFeatures(config, params, crops);
    const first = swinStage(params, "swintransformer1", config.swin, maniqaMaps(params, 1, features));
    const tokens = channelsFirst(first);
    const maps = swinStage(params, "swintransformer2", config.swin, maniqaMaps(params, 2, tokens));
    const score = linear(params, "fc_score.3", linear(params, "fc_score.0", maps).relu()).relu();
    const weight = linear(params, "fc_weight.3", linear(params, "fc_weight.0", maps).relu()).sigmoid();
    return tf.stack([score.mul(weight).sum(), weight.sum()]) as tf.Tensor1D;
  });
}

/**
 * The features of the vision transformer that MANIQA rates.
 *
 * @param crops In [-1, 1]. `[B, side, side, 3]`
 * @returns Channels before tokens. `[B, 4 width, N]`
 */
export function maniqaFeatures(config: ManiqaConfig, params: Params, crops: tf.Tensor4D): tf.Tensor3D {
  return tf.tidy(() => vitTokens(params, "vit", config.vit, crops, BLOCKS).transpose<tf.Tensor3D>([0, 2, 1]));
}

/**
 * Let features attend to each other, twice, and narrow them to the channels of a stage.
 *
 * @param nth 1 or 2, as the layers are named.
 * @param features `[B, C, N]`
 * @returns Square maps. `[B, sqrt N, sqrt N, C']`
 */
export function maniqaMaps(params: Params, nth: 1 | 2, features: tf.Tensor3D): tf.Tensor4D {
  return tf.tidy(() => {
    const seen = ATTENTIONS.reduce((x, i) => transposedAttention(params, `tablock${nth}.${i}`, x), features);
    const weight = params[`conv${nth}.weight`], bias = params[`conv${nth}.bias`];
    const flat = { "conv.weight": weight.reshape([weight.shape[0], -1]), "conv.bias": bias };
    const side = Math.sqrt(features.shape[2]);
    return linear(flat, "conv", seen.transpose([0, 2, 1])).reshape([-1, side, side, weight.shape[0]]);
  });
}

/**
 * Let channels attend to each other and add the result (MANIQA's transposed attention block). The result is laid out as
 * the authors' code does, transposed and then read in the old shape: the weights were trained with it.
 *
 * @param x `[B, C, N]`
 * @returns `[B, C, N]`
 */
export function transposedAttention(params: Params, module: string, x: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => {
    const [q, k, v] = ["c_q", "c_k", "c_v"].map((name) => linear(params, `${module}.${name}`, x));
    return attention(q, k, v).transpose([0, 2, 1]).reshape(x.shape).add<tf.Tensor3D>(x);
  });
}

function channelsFirst(maps: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width, channels] = maps.shape;
  return maps.reshape([batch, height * width, channels]).transpose<tf.Tensor3D>([0, 2, 1]);
}
