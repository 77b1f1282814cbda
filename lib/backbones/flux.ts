import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { type Adapter, adaptiveLayerNorm, linear, linearOfParts, type RopeTable, silu, sinusoid } from "../nn/mod.ts";
import { doubleBlock, type FluxPass, type FluxStreams, modulations, singleBlock } from "./flux_blocks.ts";
import { checkpointFluxBlock } from "./flux_checkpoint.ts";
import type { FluxConfig } from "./flux_config.ts";
import { SINUSOID_WIDTH } from "./flux_shapes.ts";

/** Inputs of a FLUX transformer, in the conventions of diffusers. */
export interface FluxInputs {
  /** Image tokens. With `condition`, their channels are the first. `[B, N, C_in]` */
  readonly hiddenStates: tf.Tensor;
  /** Condition on the channels, for a transformer whose inputs are as much wider. `[B, N, C_c]` */
  readonly condition?: tf.Tensor;
  /** Text tokens. `[B, T, contextWidth]`, or `[1, T, contextWidth]` for the whole batch. */
  readonly encoderHiddenStates: tf.Tensor;
  /** Pooled text. `[B, pooledWidth]` or `[1, pooledWidth]` */
  readonly pooledProjections: tf.Tensor;
  /** Noise level in [0, 1]: 1 is noise, so 1 minus the paper's time. `[B]` */
  readonly sigma: tf.Tensor1D;
  /** Guidance scale, where the transformer has that input. `[B]` */
  readonly guidance?: tf.Tensor1D;
  /** Rotary table of the T text and N image tokens. */
  readonly rope: RopeTable;
}

/** How to run a FLUX transformer. */
export interface FluxOptions {
  /** Run every block again for its gradient instead of keeping its activations: less memory, more time. */
  readonly checkpointing?: boolean;
}

/**
 * Run a FLUX transformer (Black Forest Labs 2024) of any width and depth.
 *
 * The output points from the image to the noise and time runs from image to noise: the paper's velocity at `t` is the
 * negative output at `sigma = 1 - t`.
 *
 * @param config Widths and depths.
 * @param params Under the names of `fluxShapes(config)`.
 * @param inputs Tokens, time and positions.
 * @param adapters Low-rank additions to any of the linear layers.
 * @param options How to run it.
 * @returns One prediction per image token. `[B, N, outChannels]`
 * @throws {RangeError} If guidance is given to a transformer without that input, or missing where there is one.
 */
export function fluxForward(
  config: FluxConfig,
  params: Params,
  inputs: FluxInputs,
  adapters: readonly Adapter[] = [],
  options: FluxOptions = {},
): tf.Tensor3D {
  const { modulation, streams } = fluxStart(config, params, inputs, adapters);
  const pass: FluxPass = { heads: config.heads, params, adapters, modulation, rope: inputs.rope };
  const joint = options.checkpointing ? checkpointedBlocks(config, pass, streams) : blocks(config, pass, streams);
  return fluxEnd(pass, joint, streams.text.shape[1]!);
}

/**
 * Embed the inputs of a FLUX transformer: everything before its blocks.
 *
 * @param params Only the embedders are read.
 * @returns SiLU of the embedding of time, guidance and pooled text `[B, C]`, and the tokens.
 * @throws {RangeError} If guidance is given to a transformer without that input, or missing where there is one.
 */
export function fluxStart(
  config: FluxConfig,
  params: Params,
  inputs: FluxInputs,
  adapters: readonly Adapter[],
): { readonly modulation: tf.Tensor; readonly streams: FluxStreams } {
  if (config.guidance !== (inputs.guidance !== undefined)) {
    const rule = config.guidance ? "the transformer needs a guidance scale" : "the transformer has no guidance input";
    throw new RangeError(`Cannot run FLUX as ${rule}: current value is ${inputs.guidance}`);
  }
  const { hiddenStates, condition, encoderHiddenStates: context } = inputs, batch = hiddenStates.shape[0];
  const text = linear(params, "context_embedder", context, adapters);
  const image = linearOfParts(params, "x_embedder", condition ? [hiddenStates, condition] : [hiddenStates], adapters);
  return {
    modulation: silu(embedding(params, inputs, adapters)),
    streams: { text: text.shape[0] === batch ? text : text.add(tf.zeros([batch, 1, 1])), image },
  };
}

/**
 * Project the tokens of a FLUX transformer: everything after its blocks.
 *
 * @param pass Only `norm_out` and `proj_out` are read.
 * @param joint Tokens after the last block, text first. `[B, T + N, C]`
 * @param textTokens T.
 * @returns One prediction per image token. `[B, N, outChannels]`
 */
export function fluxEnd(
  pass: Pick<FluxPass, "params" | "adapters" | "modulation">,
  joint: tf.Tensor,
  textTokens: number,
): tf.Tensor3D {
  const [scale, shift] = modulations(pass, "norm_out.linear", 2); // in this order, unlike in the blocks
  const [, image] = tf.split(joint, [textTokens, joint.shape[1]! - textTokens], 1);
  return linear(pass.params, "proj_out", adaptiveLayerNorm(image, scale, shift), pass.adapters) as tf.Tensor3D;
}

/** Names of the blocks, in their order. */
export function fluxBlocks(config: FluxConfig): { readonly double: string[]; readonly single: string[] } {
  return {
    double: names("transformer_blocks", config.doubleBlocks),
    single: names("single_transformer_blocks", config.singleBlocks),
  };
}

/** Run a double block on the joint sequence; see `doubleBlock`. `[B, T + N, C]` to the same */
export function jointDoubleBlock(pass: FluxPass, block: string, joint: tf.Tensor, textTokens: number): tf.Tensor {
  const [text, image] = tf.split(joint, [textTokens, joint.shape[1]! - textTokens], 1);
  return joinStreams(doubleBlock(pass, block, { text, image }));
}

/** Text tokens, then image tokens. `[B, T + N, C]` */
export function joinStreams({ text, image }: FluxStreams): tf.Tensor {
  return tf.concat([text, image], 1);
}

/** All blocks, to the joint sequence; each frees what only it needed. `[B, T + N, C]` */
function blocks(config: FluxConfig, pass: FluxPass, streams: FluxStreams): tf.Tensor {
  const { double, single } = fluxBlocks(config);
  for (const block of double) streams = tf.tidy(() => ({ ...doubleBlock(pass, block, streams) }));
  let joint = joinStreams(streams);
  for (const block of single) joint = tf.tidy(() => singleBlock(pass, block, joint));
  return joint;
}

function checkpointedBlocks(config: FluxConfig, pass: FluxPass, streams: FluxStreams): tf.Tensor {
  const { double, single } = fluxBlocks(config), textTokens = streams.text.shape[1]!;
  let joint = joinStreams(streams);
  for (const block of double) {
    joint = checkpointFluxBlock(pass, block, joint, (pass, joint) => jointDoubleBlock(pass, block, joint, textTokens));
  }
  for (const block of single) {
    joint = checkpointFluxBlock(pass, block, joint, (pass, joint) => singleBlock(pass, block, joint));
  }
  return joint;
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}.${i}`);
}

/** Embedding of time, guidance and pooled text. `[B, C]` */
function embedding(params: Params, inputs: FluxInputs, adapters: readonly Adapter[]): tf.Tensor {
  const embed = (module: string, x: tf.Tensor) => {
    const hidden = silu(linear(params, `time_text_embed.${module}.linear_1`, x, adapters));
    return linear(params, `time_text_embed.${module}.linear_2`, hidden, adapters);
  };
  const scalars = (module: string, x: tf.Tensor1D) => embed(module, sinusoid(x.mul<tf.Tensor1D>(1000), SINUSOID_WIDTH));
  const time = scalars("timestep_embedder", inputs.sigma);
  const guided = inputs.guidance ? time.add(scalars("guidance_embedder", inputs.guidance)) : time;
  return guided.add(embed("text_embedder", inputs.pooledProjections));
}
