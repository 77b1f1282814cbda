import type { LinearShapes } from "../nn/mod.ts";
import type { FluxConfig } from "./flux_config.ts";

/** Width of the sinusoids that embed time and guidance. */
export const SINUSOID_WIDTH = 256;

/**
 * List every linear layer of a FLUX transformer under its diffusers name. All of them have a bias.
 *
 * @param config Widths and depths.
 * @returns Input and output width by module name.
 */
export function fluxLinears(config: FluxConfig): LinearShapes {
  const width = config.heads * config.headWidth;
  const linears: Record<string, { in: number; out: number }> = {};
  const add = (module: string, inWidth: number, out: number) => linears[module] = { in: inWidth, out };
  const embed = (module: string, inWidth: number) => {
    add(`time_text_embed.${module}.linear_1`, inWidth, width);
    add(`time_text_embed.${module}.linear_2`, width, width);
  };
  embed("timestep_embedder", SINUSOID_WIDTH);
  if (config.guidance) embed("guidance_embedder", SINUSOID_WIDTH);
  embed("text_embedder", config.pooledWidth);
  add("context_embedder", config.contextWidth, width);
  add("x_embedder", config.inChannels, width);
  for (let i = 0; i < config.doubleBlocks; i++) {
    const block = `transformer_blocks.${i}`;
    add(`${block}.norm1.linear`, width, 6 * width);
    add(`${block}.norm1_context.linear`, width, 6 * width);
    for (const name of ["to_q", "to_k", "to_v", "to_out.0", "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out"]) {
      add(`${block}.attn.${name}`, width, width);
    }
    for (const stream of ["ff", "ff_context"]) {
      add(`${block}.${stream}.net.0.proj`, width, 4 * width);
      add(`${block}.${stream}.net.2`, 4 * width, width);
    }
  }
  for (let i = 0; i < config.singleBlocks; i++) {
    const block = `single_transformer_blocks.${i}`;
    add(`${block}.norm.linear`, width, 3 * width);
    add(`${block}.proj_mlp`, width, 4 * width);
    add(`${block}.proj_out`, 5 * width, width);
    for (const name of ["to_q", "to_k", "to_v"]) add(`${block}.attn.${name}`, width, width);
  }
  add("norm_out.linear", width, 2 * width);
  add("proj_out", width, config.outChannels);
  return linears;
}

/**
 * List every parameter of a FLUX transformer under its diffusers name, without creating one.
 *
 * @param config Widths and depths.
 * @returns Shape by name; linear weights are `[out, in]`.
 */
export function fluxShapes(config: FluxConfig): Readonly<Record<string, readonly number[]>> {
  const shapes: Record<string, readonly number[]> = {};
  for (const [module, { in: width, out }] of Object.entries(fluxLinears(config))) {
    shapes[`${module}.weight`] = [out, width];
    shapes[`${module}.bias`] = [out];
  }
  const norms = (block: string, names: readonly string[]) => {
    for (const name of names) shapes[`${block}.attn.${name}.weight`] = [config.headWidth];
  };
  for (let i = 0; i < config.doubleBlocks; i++) {
    norms(`transformer_blocks.${i}`, ["norm_q", "norm_k", "norm_added_q", "norm_added_k"]);
  }
  for (let i = 0; i < config.singleBlocks; i++) norms(`single_transformer_blocks.${i}`, ["norm_q", "norm_k"]);
  return shapes;
}

/**
 * List the linear layers that take an adapter: all but the embeddings of time, guidance, pooled text and context.
 *
 * @param config Widths and depths.
 * @returns Input and output width by module name.
 */
export function fluxTargets(config: FluxConfig): LinearShapes {
  return Object.fromEntries(
    Object.entries(fluxLinears(config)).filter(([module]) =>
      !module.startsWith("time_text_embed.") && module !== "context_embedder"
    ),
  );
}

/** Count the values of parameters of these shapes. */
export function countShapes(shapes: Readonly<Record<string, readonly number[]>>): number {
  return Object.values(shapes).reduce((sum, shape) => sum + shape.reduce((size, length) => size * length, 1), 0);
}
