import { z } from "zod";
import { DataError } from "../core/mod.ts";

/** What distinguishes one FLUX transformer from another. */
export interface FluxConfig {
  /** Values of one input token: 64 latents, or 128 with the condition on the channels. */
  readonly inChannels: number;
  /** Values of one output token. */
  readonly outChannels: number;
  /** Number of attention heads. */
  readonly heads: number;
  /** Channels of a head, even. */
  readonly headWidth: number;
  /** Blocks that keep text and image apart. */
  readonly doubleBlocks: number;
  /** Blocks on the joint sequence. */
  readonly singleBlocks: number;
  /** Width of a text token. */
  readonly contextWidth: number;
  /** Width of the pooled text. */
  readonly pooledWidth: number;
  /** Whether the guidance scale is an input. */
  readonly guidance: boolean;
  /** Rotary channels of plane, row and column; their sum is `headWidth`. */
  readonly axesWidths: readonly [number, number, number];
}

/** FLUX.1-dev (Black Forest Labs 2024): 11,901,408,320 parameters. FLUX.1-schnell differs in `guidance: false` only. */
export const FLUX_DEV: FluxConfig = {
  inChannels: 64,
  outChannels: 64,
  heads: 24,
  headWidth: 128,
  doubleBlocks: 19,
  singleBlocks: 38,
  contextWidth: 4096,
  pooledWidth: 768,
  guidance: true,
  axesWidths: [16, 56, 56],
};

/** Width of the tokens inside the transformer. */
export function fluxWidth({ heads, headWidth }: FluxConfig): number {
  return heads * headWidth;
}

const count = z.int().min(1);
const published = z.object({
  in_channels: count,
  out_channels: count.nullish(),
  num_attention_heads: count,
  attention_head_dim: count,
  num_layers: z.int().min(0),
  num_single_layers: z.int().min(0),
  joint_attention_dim: count,
  pooled_projection_dim: count,
  guidance_embeds: z.boolean(),
  axes_dims_rope: z.tuple([count, count, count]),
  patch_size: z.literal(1),
});

/**
 * Read the `config.json` of a diffusers checkpoint.
 *
 * @param json Its value.
 * @param label Names it in errors.
 * @returns The same configuration in this project's words.
 * @throws {DataError} If a field is missing or of the wrong kind.
 */
export function parseFluxConfig(json: unknown, label = "FLUX config"): FluxConfig {
  const { success, data, error } = published.safeParse(json);
  if (!success) {
    const { path, message } = error.issues[0];
    throw new DataError(`Cannot read ${label} as ${path.join(".") || "it"} does not fit: ${message}`);
  }
  return {
    inChannels: data.in_channels,
    outChannels: data.out_channels ?? data.in_channels,
    heads: data.num_attention_heads,
    headWidth: data.attention_head_dim,
    doubleBlocks: data.num_layers,
    singleBlocks: data.num_single_layers,
    contextWidth: data.joint_attention_dim,
    pooledWidth: data.pooled_projection_dim,
    guidance: data.guidance_embeds,
    axesWidths: data.axes_dims_rope,
  };
}
