import { z } from "zod";
import { DataError } from "../../core/mod.ts";

/** What distinguishes one T5 encoder (v1.1, with gated layers) from another. */
export interface T5Config {
  /** Of a token. */
  readonly width: number;
  /** Attention heads. */
  readonly heads: number;
  /** Channels of a head. */
  readonly headWidth: number;
  /** Width between the layers of a block's feed-forward part. */
  readonly hidden: number;
  /** Number of blocks. */
  readonly blocks: number;
  /** Number of different tokens. */
  readonly vocabulary: number;
  /** Number of different relative positions. */
  readonly buckets: number;
  /** From which on all relative positions are the same. */
  readonly farthest: number;
  /** Added to the mean square in every norm. */
  readonly epsilon: number;
}

/** The encoder of FLUX.1 (T5 v1.1 XXL, Raffel et al. 2020): 4,762,310,656 parameters. */
export const T5_XXL: T5Config = {
  width: 4096,
  heads: 64,
  headWidth: 64,
  hidden: 10240,
  blocks: 24,
  vocabulary: 32128,
  buckets: 32,
  farthest: 128,
  epsilon: 1e-6,
};

const count = z.int().min(1);
const published = z.object({
  d_model: count,
  num_heads: count,
  d_kv: count,
  d_ff: count,
  num_layers: count,
  vocab_size: count,
  relative_attention_num_buckets: count.multipleOf(4).default(32),
  relative_attention_max_distance: count.default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  feed_forward_proj: z.literal("gated-gelu"),
});

/**
 * Read the `config.json` of a T5 encoder, such as FLUX's `text_encoder_2`.
 *
 * @param json Its value.
 * @returns The same configuration in this project's words.
 * @throws {DataError} If a field is missing or of the wrong kind.
 */
export function parseT5Config(json: unknown): T5Config {
  const { success, data, error } = published.safeParse(json);
  if (!success) {
    const { path, message } = error.issues[0];
    throw new DataError(`Cannot read T5 config as ${path.join(".") || "it"} does not fit: ${message}`);
  }
  return {
    width: data.d_model,
    heads: data.num_heads,
    headWidth: data.d_kv,
    hidden: data.d_ff,
    blocks: data.num_layers,
    vocabulary: data.vocab_size,
    buckets: data.relative_attention_num_buckets,
    farthest: data.relative_attention_max_distance,
    epsilon: data.layer_norm_epsilon,
  };
}

/**
 * List every parameter of a T5 encoder under its published name.
 *
 * @param config Widths and depths.
 * @returns Shape by name; linear weights are `[out, in]` and have no bias.
 */
export function t5Shapes(config: T5Config): Readonly<Record<string, readonly number[]>> {
  const { width, hidden, heads } = config, inner = heads * config.headWidth;
  const shapes: Record<string, readonly number[]> = { "shared.weight": [config.vocabulary, width] };
  for (let i = 0; i < config.blocks; i++) {
    const attention = `encoder.block.${i}.layer.0`, feedForward = `encoder.block.${i}.layer.1`;
    for (const name of ["q", "k", "v"]) shapes[`${attention}.SelfAttention.${name}.weight`] = [inner, width];
    shapes[`${attention}.SelfAttention.o.weight`] = [width, inner];
    if (i === 0) shapes[`${attention}.SelfAttention.relative_attention_bias.weight`] = [config.buckets, heads];
    shapes[`${attention}.layer_norm.weight`] = [width];
    for (const name of ["wi_0", "wi_1"]) shapes[`${feedForward}.DenseReluDense.${name}.weight`] = [hidden, width];
    shapes[`${feedForward}.DenseReluDense.wo.weight`] = [width, hidden];
    shapes[`${feedForward}.layer_norm.weight`] = [width];
  }
  shapes["encoder.final_layer_norm.weight"] = [width];
  return shapes;
}
