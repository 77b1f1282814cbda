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
  if (config.guidance !== (inputs.guidance !== undefined)) {
    const rule = config.guidance ? "the transformer needs a guidance scale" : "the transformer has no guidance input";
    throw new RangeError(`Cannot run FLUX as ${rule}: current value is ${inputs.guidance}`);
  }
  const { hiddenStates, condition, encoderHiddenStates: context, rope } = inputs;
  const modulation = silu(embedding(params, inputs, adapters));
  const pass: FluxPass = { heads: config.heads, params, adapters, modulation, rope };

  const batch = hiddenStates.shape[0], textTokens = context.shape[1]!;
  const text = linear(params, "context_embedder", context, adapters);
  const image = linearOfParts(params, "x_embedder", condition ? [hiddenStates, condition] : [hiddenStates], adapters);
  const streams = { text: text.shape[0] === batch ? text : text.add(tf.zeros([batch, 1, 1])), image };
  const joint = options.checkpointing ? checkpointedBlocks(config, pass, streams) : blocks(config, pass, streams);

  const [scale, shift] = modulations(pass, "norm_out.linear", 2); // in this order, unlike in the blocks
  const [, last] = tf.split(joint, [textTokens, joint.shape[1]! - textTokens], 1);
  return linear(params, "proj_out", adaptiveLayerNorm(last, scale, shift), adapters) as tf.Tensor3D;
}

/** All blocks, to the joint sequence; each frees what only it needed. `[B, T + N, C]` */
function blocks(config: FluxConfig, pass: FluxPass, streams: FluxStreams): tf.Tensor {
  for (const block of names("transformer_blocks", config.doubleBlocks)) {
    streams = tf.tidy(() => ({ ...doubleBlock(pass, block, streams) }));
  }
  let joint = join(streams);
  for (const block of names("single_transformer_blocks", config.singleBlocks)) {
    joint = tf.tidy(() => singleBlock(pass, block, joint));
  }
  return joint;
}

function checkpointedBlocks(config: FluxConfig, pass: FluxPass, streams: FluxStreams): tf.Tensor {
  const tokens = [streams.text.shape[1]!, streams.image.shape[1]!];
  let joint = join(streams);
  for (const block of names("transformer_blocks", config.doubleBlocks)) {
    joint = checkpointFluxBlock(pass, block, joint, (pass, joint) => {
      const [text, image] = tf.split(joint, tokens, 1);
      return join(doubleBlock(pass, block, { text, image }));
    });
  }
  for (const block of names("single_transformer_blocks", config.singleBlocks)) {
    joint = checkpointFluxBlock(pass, block, joint, (pass, joint) => singleBlock(pass, block, joint));
  }
  return joint;
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}.${i}`);
}

function join({ text, image }: FluxStreams): tf.Tensor {
  return tf.concat([text, image], 1);
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
