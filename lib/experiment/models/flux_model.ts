import { availableMemory, disposeParams, type Params } from "../../core/mod.ts";
import {
  emptyPrompt,
  fluxBackbone,
  type FluxBackboneOptions,
  type FluxConfig,
  fluxShapes,
  type Network,
  streamedFlux,
  widenInput,
} from "../../backbones/mod.ts";
import { engineInfo } from "../../engine/mod.ts";
import { awaitedNetwork, euler, straightPath } from "../../flow/mod.ts";
import { fluxLayout, hostSource } from "../../weights/mod.ts";
import { loadNetwork, networkIdentity, openCodec, openNetwork, weightNotes } from "./checkpoint_parts.ts";
import { conditionedFlux } from "./conditioning.ts";
import type { OpenedModel, OpenOptions } from "./opened_model.ts";
import { fluxModelParts, type Part } from "./parts.ts";
import { fluxTimes } from "./scheduler_config.ts";

/** Latents of a token, along one side. */
const PACKED = 2;
/** Share of the free memory that a copy of the weights may take. */
const HOST_SHARE = 0.5;

/**
 * Open FLUX.1 from a folder in diffusers' layout (`transformer`, `vae`, `scheduler`) or from the original single file with
 * `ae.safetensors` beside it; both with the empty prompt or the text encoders that make it.
 *
 * With the condition on the channels `x_embedder` gets as many inputs again, with weights of zero: only an adapter of it
 * lets the condition in.
 *
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If a configuration or the names and shapes of the weights do not fit.
 * @throws {RefusedError} If there is no empty prompt.
 * @throws {UsageError} If weights for a condition on the channels are asked to take it as tokens.
 */
export async function openFluxModel(options: OpenOptions): Promise<OpenedModel> {
  const { checkpoint, conditionScale = 1, guidance = 1, checkpointing, weights = "resident" } = options;
  const parts = await fluxModelParts(checkpoint), { network, folder } = parts, published = network.config;
  const { config, conditioning } = conditionedFlux(published, options.conditioning);
  const times = await fluxTimes(parts);
  using stack = new DisposableStack();
  const { codec, identity: codecIdentity } = stack.use(
    await openCodec(parts.autoencoder, { ...options, cells: PACKED }),
  );
  const prompt = await emptyPrompt({
    network: "flux",
    checkpoint: folder,
    widths: { states: config.contextWidth, pooled: config.pooledWidth },
  });
  stack.defer(() => disposeParams({ ...prompt }));
  const field = { context: prompt.states, pooled: prompt.pooled, conditioning, guidance, checkpointing };
  const { backbone, params } = weights === "streamed"
    ? { backbone: await streamNetwork(network.weights, config, field, options, stack), params: {} }
    : { backbone: fluxBackbone(config, field), params: await loadAll(network, config, options, stack) };
  const identity = await networkIdentity(network, prompt, { conditioning, guidance });
  const cell = PACKED * codec.factor;
  const owned = stack.move();
  return {
    kind: "flux",
    name: backbone.name,
    prefix: "transformer",
    identity,
    codecIdentity,
    conditionScale,
    weights,
    notes: weightNotes(options),
    backbone,
    params,
    codec,
    path: straightPath,
    solver: euler,
    times: (steps, height, width) => times(steps, (height / cell) * (width / cell)),
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** All weights, in the engine; with the condition on the channels the first layer is widened. */
async function loadAll(
  { weights, config: published }: Part<FluxConfig>,
  config: FluxConfig,
  options: OpenOptions,
  stack: DisposableStack,
): Promise<Params> {
  const stored = stack.adopt(await loadNetwork(weights, fluxShapes(published), options, fluxLayout), disposeParams);
  if (config.inChannels === published.inChannels) return stored;
  const params = widenInput(stored, "x_embedder", config.inChannels);
  stack.defer(() => params["x_embedder.weight"].dispose());
  return params;
}

/** A network that reads the weights of its blocks; they are copied to the host's memory if the engine has its own. */
async function streamNetwork(
  weights: string,
  config: FluxConfig,
  field: FluxBackboneOptions,
  options: OpenOptions,
  stack: DisposableStack,
): Promise<Network> {
  const disk = stack.use(await openNetwork(weights, options, fluxLayout));
  const bytes = Object.values(disk.tensors).reduce((sum, tensor) => sum + tensor.bytes, 0);
  const copied = engineInfo().engine !== "cpu" && bytes < HOST_SHARE * availableMemory();
  const source = copied ? stack.use(await hostSource(disk)) : disk;
  return awaitedNetwork(stack.use(await streamedFlux(config, field, source)));
}
