import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { clipRn50Text, type ClipTextConfig, clipTextShapes } from "./clip_text.ts";
import { clipMaps, clipPool, clipRn50, type ClipVisualConfig, clipVisualShapes } from "./clip_visual.ts";
import { PROMPT_WORDS, unitLength } from "./clipiqa_prompts.ts";
import type { Shapes } from "./layout.ts";

/** Sizes of a CLIP-IQA+ network. */
export interface ClipIqaConfig {
  /** For images. */
  readonly visual: ClipVisualConfig;
  /** For texts. */
  readonly text: ClipTextConfig;
  /** Whether positions are added when images are pooled: not in `clipiqa+`, in its variants for 512 px. */
  readonly positions: boolean;
}

/** OpenAI's RN50, as `clipiqa+` uses it, or with positions as its variants do. */
export function clipIqaConfig(positions: boolean): ClipIqaConfig {
  return { visual: clipRn50, text: clipRn50Text, positions };
}

/** Of CLIP's images in [0, 1]. */
const MEAN = [0.48145466, 0.4578275, 0.40821073], DEVIATION = [0.26862954, 0.26130258, 0.27577711];

/** CLIP's words. */
const WORDS = 49408;

/** Shape of every parameter of OpenAI's file in use. */
export function clipIqaShapes({ visual, text }: ClipIqaConfig): Shapes {
  return {
    ...clipVisualShapes(visual),
    ...clipTextShapes(text),
    "token_embedding.weight": [WORDS, text.width],
    logit_scale: [],
  };
}

/**
 * Shape of every parameter of the learned prompts: `ctx`, shared by both, or a pair with its fixed tokens, as the
 * variants' files name them.
 */
export function promptShapes({ text: { width, length } }: ClipIqaConfig, layout: "shared" | "pair"): Shapes {
  if (layout === "shared") return { ctx: [PROMPT_WORDS, width] };
  return {
    "prompt_learner.ctx": [2, PROMPT_WORDS, width],
    "prompt_learner.token_prefix": [2, 1, width],
    "prompt_learner.token_suffix": [2, length - 1 - PROMPT_WORDS, width],
  };
}

/**
 * Rate images by themselves, CLIP-IQA+ (Wang, Chan and Loy 2023): the probability of "good" against "bad". Higher is
 * better, 0 to 1. Nothing is resized.
 *
 * @param params Of the images' network, and `logit_scale`.
 * @param prompts From {@linkcode promptFeatures}. `[2, features]`
 * @param images In [-1, 1]. `[B, H, W, 3]`
 * @returns Scores. `[B]`
 */
export function clipIqa(config: ClipIqaConfig, params: Params, prompts: tf.Tensor2D, images: tf.Tensor4D): tf.Tensor1D {
  return tf.tidy(() => {
    const features = unitLength(clipPool(config.visual, params, clipIqaMaps(config, params, images), config.positions));
    const logits = features.matMul(prompts, false, true).mul(params.logit_scale.exp().reshape([]));
    return tf.softmax(logits).slice([0, 0], [-1, 1]).reshape([-1]);
  });
}

/** The last maps of images in [-1, 1]. `[B, H / 32, W / 32, C]` */
export function clipIqaMaps(config: ClipIqaConfig, params: Params, images: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const standard = images.add(1).mul(0.5).sub(tf.tensor1d(MEAN)).div<tf.Tensor4D>(tf.tensor1d(DEVIATION));
    return clipMaps(config.visual, params, standard);
  });
}
