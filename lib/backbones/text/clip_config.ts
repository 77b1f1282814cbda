import { z } from "zod";
import { DataError } from "../../core/mod.ts";

/** What distinguishes one of CLIP's text models from another. */
export interface ClipConfig {
  /** Of a token. */
  readonly width: number;
  /** Width between the layers of a block's feed-forward part. */
  readonly hidden: number;
  /** Number of blocks. */
  readonly blocks: number;
  /** Attention heads. */
  readonly heads: number;
  /** Tokens of a text, padding included. */
  readonly length: number;
  /** Number of different tokens; the last two begin and end a text. */
  readonly vocabulary: number;
  /** Between the layers of the feed-forward part. */
  readonly activation: "quick_gelu" | "gelu";
  /** Added to the variance in every norm. */
  readonly epsilon: number;
  /** Width of the projected text, where there is a projection. */
  readonly projection?: number;
}

/** CLIP ViT-L/14 (Radford et al. 2021), the encoder of SD1.5 and the first of FLUX.1 and SDXL: 123,060,480 parameters. */
export const CLIP_L: ClipConfig = {
  width: 768,
  hidden: 3072,
  blocks: 12,
  heads: 12,
  length: 77,
  vocabulary: 49408,
  activation: "quick_gelu",
  epsilon: 1e-5,
};

/** OpenCLIP ViT-bigG/14 (Cherti et al. 2023), the second encoder of SDXL: 694,659,840 parameters. */
export const CLIP_G: ClipConfig = {
  ...CLIP_L,
  width: 1280,
  hidden: 5120,
  blocks: 32,
  heads: 20,
  activation: "gelu",
  projection: 1280,
};

const count = z.int().min(1);
const published = z.object({
  architectures: z.array(z.string()).default([]),
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  max_position_embeddings: count.default(77),
  vocab_size: count,
  hidden_act: z.enum(["quick_gelu", "gelu"]).default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  projection_dim: count.default(512),
});

/**
 * Read the `config.json` of one of CLIP's text models.
 *
 * @param json Its value. Its architecture tells whether the text is projected.
 * @returns The same configuration in this project's words.
 * @throws {DataError} If a field is missing or of the wrong kind.
 */
export function parseClipConfig(json: unknown): ClipConfig {
  const { success, data, error } = published.safeParse(json);
  if (!success) {
    const { path, message } = error.issues[0];
    throw new DataError(`Cannot read CLIP config as ${path.join(".") || "it"} does not fit: ${message}`);
  }
  const projects = data.architectures.includes("CLIPTextModelWithProjection");
  return {
    width: data.hidden_size,
    hidden: data.intermediate_size,
    blocks: data.num_hidden_layers,
    heads: data.num_attention_heads,
    length: data.max_position_embeddings,
    vocabulary: data.vocab_size,
    activation: data.hidden_act,
    epsilon: data.layer_norm_eps,
    ...(projects ? { projection: data.projection_dim } : {}),
  };
}

/**
 * List every parameter of one of CLIP's text models under its published name.
 *
 * @param config Widths and depths.
 * @returns Shape by name; linear weights are `[out, in]`.
 */
export function clipShapes(config: ClipConfig): Readonly<Record<string, readonly number[]>> {
  const { width, hidden } = config;
  const shapes: Record<string, readonly number[]> = {
    "text_model.embeddings.token_embedding.weight": [config.vocabulary, width],
    "text_model.embeddings.position_embedding.weight": [config.length, width],
  };
  const add = (module: string, weight: readonly number[]) => {
    shapes[`${module}.weight`] = weight;
    shapes[`${module}.bias`] = [weight[0]];
  };
  for (let i = 0; i < config.blocks; i++) {
    const block = `text_model.encoder.layers.${i}`;
    for (const name of ["q_proj", "k_proj", "v_proj", "out_proj"]) add(`${block}.self_attn.${name}`, [width, width]);
    for (const name of ["layer_norm1", "layer_norm2"]) add(`${block}.${name}`, [width]);
    add(`${block}.mlp.fc1`, [hidden, width]);
    add(`${block}.mlp.fc2`, [width, hidden]);
  }
  add("text_model.final_layer_norm", [width]);
  if (config.projection !== undefined) shapes["text_projection.weight"] = [config.projection, width];
  return shapes;
}
