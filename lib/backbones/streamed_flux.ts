import type { tf } from "../engine/mod.ts";
import { disposeParams, type Params } from "../core/mod.ts";
import type { Adapter, LinearShapes } from "../nn/mod.ts";
import { loadParams, matchParams, type WeightSource } from "../weights/mod.ts";
import { blockOf } from "./block_stream.ts";
import { fluxBlocks } from "./flux.ts";
import type { FluxConfig } from "./flux_config.ts";
import { checkConditioning, type FluxBackboneOptions, fluxName } from "./flux_field.ts";
import { fluxShapes, fluxTargets } from "./flux_shapes.ts";
import { StreamedPass } from "./streamed_pass.ts";
import { type FluxStages, fluxStages } from "./streamed_stages.ts";
import { widenInput } from "./widen.ts";

/**
 * A velocity field that has to be waited for, as its weights come from the disk. Arguments stay the caller's, the result
 * is new; one call at a time. Otherwise as `VelocityField`.
 */
export type AsyncVelocityField = (xt: tf.Tensor4D, t: tf.Tensor1D, c: tf.Tensor4D) => Promise<tf.Tensor4D>;

/** A network whose blocks are read from a checkpoint whenever they are needed. */
export interface StreamedBackbone extends Disposable {
  /** Short name with its sizes. */
  readonly name: string;
  /** Linear layers that take an adapter. */
  readonly targets: LinearShapes;
  /** Bind adapters, which must live as long as the field. */
  velocity(adapters?: readonly Adapter[]): AsyncVelocityField;
  /**
   * Bind adapters of which the last is trained: every call also keeps the tokens before each block, for a way back that
   * reads the blocks again in reverse (gradient checkpointing).
   */
  differentiable(
    adapters: readonly Adapter[],
  ): (xt: tf.Tensor4D, t: tf.Tensor1D, c: tf.Tensor4D) => Promise<StreamedPass>;
}

/**
 * Run a FLUX transformer whose weights do not fit into memory: block by block, the next read while one computes.
 *
 * Its values are those of `fluxBackbone` with the same weights. Only the embedders and the projection of the output stay
 * in memory. One traced function serves all double blocks and one all single blocks, their weights being arguments. For a
 * condition on the channels published weights are widened as by `widenInput`.
 *
 * @param config Widths and depths.
 * @param options Text, condition and guidance, as for `fluxBackbone`; blocks are always run again for their gradient.
 * @param source The checkpoint, or `hostSource` of it; it must stay open until the backbone is disposed.
 * @throws {DataError} If the source has not exactly the transformer's tensors; it lists the differences.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function streamedFlux(
  config: FluxConfig,
  options: FluxBackboneOptions,
  source: WeightSource,
): Promise<StreamedBackbone> {
  checkConditioning(config, options);
  const published = source.tensors["x_embedder.weight"]?.shape[1] === config.outChannels;
  const inChannels = published ? config.outChannels : config.inChannels;
  matchParams(source.tensors, fluxShapes({ ...config, inChannels }), source.label);
  const resident = await loadOuter(source, config);
  const traced = new Map<string, FluxStages>();
  // Rank and alpha are numbers in a traced function, so other ones need other functions.
  const stagesFor = (adapters: readonly Adapter[]): FluxStages => {
    const key = adapters.map(({ rank, alpha }) => `${rank}:${alpha}`).join();
    const stages = traced.get(key) ?? fluxStages(config, options, adapters);
    traced.set(key, stages);
    return stages;
  };
  const pass = (adapters: readonly Adapter[], keepTokens: boolean) => {
    const network = { source, resident, blocks: fluxBlocks(config), stages: stagesFor(adapters), adapters };
    return (xt: tf.Tensor4D, t: tf.Tensor1D, c: tf.Tensor4D) => StreamedPass.run(network, { xt, t, c }, keepTokens);
  };
  return {
    name: fluxName(config),
    targets: fluxTargets(config),
    velocity: (adapters = []) => {
      const run = pass(adapters, false);
      return async (xt, t, c) => {
        using done = await run(xt, t, c);
        return done.velocity.clone();
      };
    },
    differentiable: (adapters) => pass(adapters, true),
    [Symbol.dispose]() {
      for (const stages of traced.values()) stages[Symbol.dispose]();
      disposeParams(resident);
    },
  };
}

/** Loads the weights of no block. */
async function loadOuter(source: WeightSource, { inChannels }: FluxConfig): Promise<Params> {
  const stored = await loadParams(source, Object.keys(source.tensors).filter((name) => blockOf(name) === undefined));
  if (stored["x_embedder.weight"].shape[1] === inChannels) return stored;
  const widened = widenInput(stored, "x_embedder", inChannels);
  stored["x_embedder.weight"].dispose();
  return widened;
}
