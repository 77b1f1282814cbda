import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { clipRn50Text, type ClipTextConfig, clipTextFeatures } from "./clip_text.ts";

/** Learned words of a prompt, half before its name and half after. */
export const PROMPT_WORDS = 16;
/** Place of the token that ends both prompts. */
const END = 20;
/** CLIP's token before a text and the tokens behind the learned words: "good photo ..", "bad photo ..", the end. */
const START_TOKEN = 49406, NAMED_TOKENS = [[886, 1125, 852, 49407], [2103, 1125, 852, 49407]];

/** The fixed tokens of both prompts, embedded. */
export interface PromptTokens {
  /** The start. `[2, 1, C]` */
  readonly prefix: tf.Tensor3D;
  /** From the names on: three tokens, the end, padding. `[2, 60, C]` */
  readonly suffix: tf.Tensor3D;
}

/** Look up the fixed tokens of both prompts among CLIP's words. */
export function promptTokens(words: tf.Tensor2D, length: number = clipRn50Text.length): PromptTokens {
  const rest = length - 1 - PROMPT_WORDS;
  return tf.tidy(() => {
    const embed = (tokens: number[][]) =>
      words.gather(tf.tensor1d(tokens.flat(), "int32")).reshape<tf.Tensor3D>([2, -1, words.shape[1]]);
    const named = NAMED_TOKENS.map((tokens) => [...tokens, ...Array<number>(rest - tokens.length).fill(0)]);
    return { prefix: embed([[START_TOKEN], [START_TOKEN]]), suffix: embed(named) };
  });
}

/**
 * Encode the prompts "good" and "bad" with their learned words; images do not change the result.
 *
 * @param context Learned words: shared by both prompts `[16, C]` (`clipiqa+`), or of each `[2, 16, C]` (its variants).
 * @param tokens The fixed tokens.
 * @returns Features of unit length, good before bad. `[2, features]`
 */
export function promptFeatures(
  config: { readonly text: ClipTextConfig },
  params: Params,
  context: tf.Tensor,
  tokens: PromptTokens,
): tf.Tensor2D {
  const { width } = config.text, half = PROMPT_WORDS / 2, names = 3;
  return tf.tidy(() => {
    const words = context.rank === 2 ? tf.stack([context, context]) : context;
    const rest = tokens.suffix.shape[1] - names;
    const embedded = tf.concat([
      tokens.prefix,
      tf.slice(words, [0, 0, 0], [2, half, width]),
      tf.slice(tokens.suffix, [0, 0, 0], [2, names, width]),
      tf.slice(words, [0, half, 0], [2, half, width]),
      tf.slice(tokens.suffix, [0, names, 0], [2, rest, width]),
    ], 1) as tf.Tensor3D;
    return unitLength(clipTextFeatures(config.text, params, embedded, END));
  });
}

/** Divide by the length. */
export function unitLength(features: tf.Tensor2D): tf.Tensor2D {
  return features.div(features.square().sum(-1, true).sqrt());
}
