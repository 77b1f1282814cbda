import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import {
  type Adapter,
  adaptiveLayerNorm,
  applyRope,
  blockedAttention,
  gelu,
  jointLinear,
  linear,
  linearOfParts,
  rmsNorm,
  type RopeTable,
} from "../nn/mod.ts";

/** What every block of one forward pass shares. */
export interface FluxPass {
  /** Number of attention heads. */
  readonly heads: number;
  /** Of the whole transformer, under diffusers names. */
  readonly params: Params;
  /** Additions to the linear layers. */
  readonly adapters: readonly Adapter[];
  /** SiLU of the embedding of time, guidance and pooled text. `[B, C]` */
  readonly modulation: tf.Tensor;
  /** Of text and image tokens. */
  readonly rope: RopeTable;
}

/** The two streams of a double block. */
export interface FluxStreams {
  /** `[B, T, C]` */
  readonly text: tf.Tensor;
  /** `[B, N, C]` */
  readonly image: tf.Tensor;
}

/**
 * Run one double block (Esser et al. 2024): separate weights for text and image, joint attention.
 *
 * @param pass What the blocks share.
 * @param block Name of the block, such as `transformer_blocks.0`.
 * @param streams Text and image tokens.
 * @returns Both streams after the block.
 */
export function doubleBlock(pass: FluxPass, block: string, { text, image }: FluxStreams): FluxStreams {
  const apply = (module: string, x: tf.Tensor) => linear(pass.params, `${block}.${module}`, x, pass.adapters);
  const ofImage = modulations(pass, `${block}.norm1.linear`, 6);
  const ofText = modulations(pass, `${block}.norm1_context.linear`, 6);
  const project = (x: tf.Tensor, [shift, scale]: tf.Tensor[], names: readonly string[]) => {
    const modules = names.map((name) => `${block}.attn.${name}`);
    return jointLinear(pass.params, modules, adaptiveLayerNorm(x, scale, shift), pass.adapters);
  };
  const fromBoth = [
    project(text, ofText, ["add_q_proj", "add_k_proj", "add_v_proj"]),
    project(image, ofImage, ["to_q", "to_k", "to_v"]),
  ];
  const projected = [0, 1, 2].map((k) => tf.concat(fromBoth.map((stream) => stream[k]), 1));
  const tokens = [text.shape[1]!, image.shape[1]!];
  const weight = (textual: string, visual: string) => {
    return perToken(
      [pass.params[`${block}.attn.${textual}.weight`], pass.params[`${block}.attn.${visual}.weight`]],
      tokens,
    );
  };
  const attended = attend(pass, projected, weight("norm_added_q", "norm_q"), weight("norm_added_k", "norm_k"));
  const [fromText, fromImage] = tf.split(attended, tokens, 1);

  const residual = (x: tf.Tensor, attended: tf.Tensor, mods: tf.Tensor[], out: string, feedForward: string) => {
    const [, , gate, shiftMlp, scaleMlp, gateMlp] = mods;
    const y = x.add(apply(`attn.${out}`, attended).mul(gate));
    const hidden = gelu(apply(`${feedForward}.net.0.proj`, adaptiveLayerNorm(y, scaleMlp, shiftMlp)));
    return y.add(apply(`${feedForward}.net.2`, hidden).mul(gateMlp));
  };
  return {
    text: residual(text, fromText, ofText, "to_add_out", "ff_context"),
    image: residual(image, fromImage, ofImage, "to_out.0", "ff"),
  };
}

/**
 * Run one single block (Dehghani et al. 2023): attention and feed-forward side by side on the joint sequence.
 *
 * @param pass What the blocks share.
 * @param block Name of the block, such as `single_transformer_blocks.0`.
 * @param joint Text tokens, then image tokens. `[B, T + N, C]`
 * @returns The sequence after the block. `[B, T + N, C]`
 */
export function singleBlock(pass: FluxPass, block: string, joint: tf.Tensor): tf.Tensor {
  const { params, adapters } = pass;
  const [shift, scale, gate] = modulations(pass, `${block}.norm.linear`, 3);
  const normed = adaptiveLayerNorm(joint, scale, shift);
  const projected = jointLinear(
    params,
    ["to_q", "to_k", "to_v"].map((name) => `${block}.attn.${name}`),
    normed,
    adapters,
  );
  const attended = attend(
    pass,
    projected,
    params[`${block}.attn.norm_q.weight`],
    params[`${block}.attn.norm_k.weight`],
  );
  const hidden = gelu(linear(params, `${block}.proj_mlp`, normed, adapters));
  return joint.add(linearOfParts(params, `${block}.proj_out`, [attended, hidden], adapters).mul(gate));
}

/**
 * Compute modulations of the tokens from the embedding of time.
 *
 * @param pass What the blocks share.
 * @param module The linear layer that makes them.
 * @param count How many.
 * @returns `count` tensors, each `[B, 1, C]`.
 */
export function modulations(
  pass: Pick<FluxPass, "params" | "adapters" | "modulation">,
  module: string,
  count: number,
): tf.Tensor[] {
  return tf.split(linear(pass.params, module, pass.modulation, pass.adapters).expandDims(1), count, -1);
}

/** Attention over all tokens. `projected` are queries, keys and values. `[B, L, C]` each, to `[B, L, C]` */
function attend(pass: FluxPass, projected: tf.Tensor[], queryWeight: tf.Tensor, keyWeight: tf.Tensor): tf.Tensor {
  const [batch, length, width] = projected[0].shape as [number, number, number];
  const headWidth = width / pass.heads;
  const [q, k, v] = projected
    .map((each) => each.reshape([batch, length, pass.heads, headWidth]).transpose([0, 2, 1, 3])); // [B, heads, L, .]
  const turned = (x: tf.Tensor, weight: tf.Tensor) => applyRope(rmsNorm(x, weight), pass.rope);
  const scaled = queryWeight.mul(1 / Math.sqrt(headWidth)); // the scale of the scores, where it costs least
  const attended = blockedAttention(turned(q, scaled), turned(k, keyWeight), v, undefined, 1);
  return attended.transpose([0, 2, 1, 3]).reshape([batch, length, width]);
}

/** Repeat a weight for every token of each of the joined sequences. `[L, C]` */
function perToken(weights: readonly tf.Tensor[], tokens: readonly number[]): tf.Tensor {
  return tf.concat(weights.map((weight, k) => tf.ones([tokens[k], 1]).mul(weight)));
}
