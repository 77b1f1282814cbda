import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { geluErf } from "./activations.ts";
import { attention, biasedAttention } from "./attention.ts";
import { affineLayerNorm } from "./layer_norm.ts";
import { jointLinear, linear } from "./linear.ts";

/** Names of a block's layers in a checkpoint. */
export interface BlockLayout {
  /** Norm before attention. */
  readonly firstNorm: string;
  /** Queries, keys and values: one layer that makes all of them, or three. */
  readonly heads: readonly string[];
  /** Projection after attention. */
  readonly out: string;
  /** Norm before the two layers. */
  readonly secondNorm: string;
  /** Their first layer. */
  readonly up: string;
  /** Their second layer. */
  readonly down: string;
}

const timm: BlockLayout = {
  firstNorm: "norm1",
  heads: ["attn.qkv"],
  out: "attn.proj",
  secondNorm: "norm2",
  up: "mlp.fc1",
  down: "mlp.fc2",
};

/** `timm`: ViT and Swin; `clip`: OpenAI's CLIP, its `in_proj_weight` renamed to `in_proj.weight`; `musiq`: MUSIQ. */
export const blockLayouts: Readonly<Record<"timm" | "clip" | "musiq", BlockLayout>> = {
  timm,
  clip: {
    firstNorm: "ln_1",
    heads: ["attn.in_proj"],
    out: "attn.out_proj",
    secondNorm: "ln_2",
    up: "mlp.c_fc",
    down: "mlp.c_proj",
  },
  musiq: { ...timm, heads: ["attention.query", "attention.key", "attention.value"], out: "attention.out" },
};

/** What blocks differ in. */
export interface BlockOptions {
  /** Names of the layers. */
  readonly layout: BlockLayout;
  /** Attention heads; they divide the width. */
  readonly heads: number;
  /** Added to the variance in both norms. */
  readonly epsilon?: number;
  /** Between the two layers, the exact GELU by default. */
  readonly activation?: (x: tf.Tensor) => tf.Tensor;
  /** Added to the attention scores: a mask or relative positions. Broadcast to `[B, heads, N, N]`. */
  readonly bias?: tf.Tensor;
}

/**
 * Apply a transformer block with the norms in front (Dosovitskiy et al. 2021): attention and two layers, each added to
 * its input.
 *
 * @param params Hold the layers of `options.layout` under `<module>.`.
 * @param module Name of the block.
 * @param x Tokens. `[B, N, C]`
 * @returns Tokens. `[B, N, C]`
 */
export function transformerBlock(params: Params, module: string, x: tf.Tensor, options: BlockOptions): tf.Tensor {
  return tf.tidy(() => {
    const normalised = affineLayerNorm(params, `${module}.${options.layout.firstNorm}`, x, options.epsilon);
    return feedForward(params, module, x.add(selfAttention(params, module, normalised, options)), options);
  });
}

/**
 * Let every token attend to all tokens by several heads (Vaswani et al. 2017), without norm and without residual.
 *
 * @param params As for {@linkcode transformerBlock}.
 * @param module Name of the block.
 * @param x Tokens, normalised. `[B, N, C]`
 * @returns Tokens. `[B, N, C]`
 */
export function selfAttention(params: Params, module: string, x: tf.Tensor, options: BlockOptions): tf.Tensor {
  const { layout, heads, bias } = options;
  const [batch, count, width] = x.shape as [number, number, number];
  const outputs = jointLinear(params, layout.heads.map((name) => `${module}.${name}`), x);
  const projected = outputs.length === 1 ? tf.split(outputs[0], 3, -1) : outputs; // some networks keep one layer for all
  const [q, k, v] = projected.map((part) => part.reshape([batch, count, heads, width / heads]).transpose([0, 2, 1, 3])); // [B, heads, N, C / heads]
  const seen = bias === undefined ? attention(q, k, v) : biasedAttention(q, k, v, bias);
  return linear(params, `${module}.${layout.out}`, seen.transpose([0, 2, 1, 3]).reshape([batch, count, width]));
}

/**
 * Add the two layers of a block to its tokens: `x + down(activation(up(norm(x))))`.
 *
 * @param params As for {@linkcode transformerBlock}.
 * @param module Name of the block.
 * @param x Tokens. `[B, N, C]`
 * @returns Tokens. `[B, N, C]`
 */
export function feedForward(params: Params, module: string, x: tf.Tensor, options: BlockOptions): tf.Tensor {
  const { layout, epsilon, activation = geluErf } = options;
  const normalised = affineLayerNorm(params, `${module}.${layout.secondNorm}`, x, epsilon);
  const hidden = activation(linear(params, `${module}.${layout.up}`, normalised));
  return x.add(linear(params, `${module}.${layout.down}`, hidden));
}
