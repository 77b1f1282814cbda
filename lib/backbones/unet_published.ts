import { z } from "zod";
import { DataError } from "../core/mod.ts";
import { SIZE_COUNT, type UnetConfig } from "./unet_config.ts";

const count = z.int().min(1);
const counts = z.union([count, z.array(count)]);

/** What the field must be wherever a file has it: another value is a network of another kind. */
function only<const Value extends string | number | boolean>(value: Value): z.ZodOptional<z.ZodNullable<z.ZodType>> {
  return z.literal(value).nullish();
}

// Old files lack the fields that diffusers added later; their absence means what is assumed here.
const published = z.object({
  in_channels: count,
  out_channels: count,
  block_out_channels: z.array(count).min(1),
  layers_per_block: count,
  down_block_types: z.array(z.enum(["DownBlock2D", "CrossAttnDownBlock2D"])),
  up_block_types: z.array(z.enum(["UpBlock2D", "CrossAttnUpBlock2D"])),
  transformer_layers_per_block: counts.default(1),
  attention_head_dim: counts, // in spite of its name the number of heads
  num_attention_heads: counts.nullish(),
  cross_attention_dim: count,
  norm_num_groups: count,
  use_linear_projection: z.boolean().default(false),
  addition_embed_type: z.literal("text_time").nullish(),
  addition_time_embed_dim: count.nullish(),
  projection_class_embeddings_input_dim: count.nullish(),
  mid_block_type: only("UNetMidBlock2DCrossAttn"),
  act_fn: only("silu"),
  norm_eps: only(1e-5),
  time_embedding_type: only("positional"),
  flip_sin_to_cos: only(true),
  freq_shift: only(0),
  downsample_padding: only(1),
  mid_block_scale_factor: only(1),
  conv_in_kernel: only(3),
  conv_out_kernel: only(3),
  resnet_time_scale_shift: only("default"),
  resnet_out_scale_factor: only(1),
  resnet_skip_time_act: only(false),
  attention_type: only("default"),
  center_input_sample: only(false),
  class_embeddings_concat: only(false),
  dual_cross_attention: only(false),
  class_embed_type: z.null().optional(),
  num_class_embeds: z.null().optional(),
  encoder_hid_dim: z.null().optional(),
  encoder_hid_dim_type: z.null().optional(),
  cross_attention_norm: z.null().optional(),
  mid_block_only_cross_attention: z.union([z.literal(false), z.null()]).optional(),
  only_cross_attention: only(false),
  time_cond_proj_dim: z.null().optional(),
  time_embedding_act_fn: z.null().optional(),
  time_embedding_dim: z.null().optional(),
  timestep_post_act: z.null().optional(),
  reverse_transformer_layers_per_block: z.null().optional(),
});

/**
 * Read the `config.json` of a diffusers checkpoint.
 *
 * @param json Its value.
 * @returns The same configuration in this project's words.
 * @throws {DataError} If a field is missing or of the wrong kind, or describes a network of another kind.
 */
export function parseUnetConfig(json: unknown): UnetConfig {
  const { success, data, error } = published.safeParse(json);
  if (!success) {
    const { path, message } = error.issues[0];
    throw new DataError(`Cannot read UNet config as ${path.join(".") || "it"} does not fit: ${message}`);
  }
  const levels = data.block_out_channels.length;
  const perLevel = (field: string, value: number | number[]): number[] => {
    const list = typeof value === "number" ? Array<number>(levels).fill(value) : value;
    return list.length === levels ? list : refuse(field, `it must have ${levels} entries`, list);
  };
  const down = data.down_block_types.map((type) => type === "CrossAttnDownBlock2D");
  const up = data.up_block_types.map((type) => type === "CrossAttnUpBlock2D").reverse();
  if (down.length !== levels) refuse("down_block_types", `it must have ${levels} entries`, data.down_block_types);
  if (up.join() !== down.join()) refuse("up_block_types", "it must mirror down_block_types", data.up_block_types);

  const depths = perLevel("transformer_layers_per_block", data.transformer_layers_per_block);
  return {
    inChannels: data.in_channels,
    outChannels: data.out_channels,
    widths: data.block_out_channels,
    layers: data.layers_per_block,
    depths: depths.map((depth, level) => down[level] ? depth : 0),
    middleDepth: depths[levels - 1],
    heads: perLevel("attention_head_dim", data.num_attention_heads ?? data.attention_head_dim),
    contextWidth: data.cross_attention_dim,
    groups: data.norm_num_groups,
    linearProjection: data.use_linear_projection,
    ...data.addition_embed_type && { added: addedOf(data) },
  };
}

function addedOf(data: z.output<typeof published>): UnetConfig["added"] {
  const sizeWidth = data.addition_time_embed_dim, input = data.projection_class_embeddings_input_dim;
  if (!sizeWidth) return refuse("addition_time_embed_dim", "text_time needs it", sizeWidth);
  const pooledWidth = (input ?? 0) - SIZE_COUNT * sizeWidth;
  if (pooledWidth >= 1) return { sizeWidth, pooledWidth };
  return refuse("projection_class_embeddings_input_dim", `it must exceed ${SIZE_COUNT * sizeWidth}`, input);
}

function refuse(field: string, rule: string, value: unknown): never {
  throw new DataError(
    `Cannot read UNet config as ${field} does not fit: ${rule}: current value is ${JSON.stringify(value)}`,
  );
}
