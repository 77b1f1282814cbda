import { disposeParams } from "../../core/mod.ts";
import { emptyPrompt, unetBackbone, unetFactor, unetShapes, widenInput } from "../../backbones/mod.ts";
import { eulerDiscrete, variancePreservingPath } from "../../flow/mod.ts";
import { loadNetwork, networkIdentity, openCodec, weightNotes } from "./checkpoint_parts.ts";
import { conditionedUnet } from "./conditioning.ts";
import type { OpenedModel, OpenOptions } from "./opened_model.ts";
import { unetModelParts } from "./parts.ts";
import { diffusionTimes } from "./scheduler_config.ts";

/**
 * Open Stable Diffusion 1.5 or XL from a folder in diffusers' layout: `unet`, `vae`, `scheduler`, and the empty prompt or
 * the text encoders that make it.
 *
 * `conv_in` gets as many inputs again for the condition, with weights of zero: only an adapter of it lets the condition in.
 *
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If a configuration or the names and shapes of the weights do not fit.
 * @throws {RefusedError} If there is no empty prompt.
 */
export async function openUnetModel(network: "sd15" | "sdxl", options: OpenOptions): Promise<OpenedModel> {
  const { checkpoint, checkpointing } = options;
  const parts = await unetModelParts(checkpoint), published = parts.network.config;
  const config = conditionedUnet(published);
  const times = await diffusionTimes(checkpoint);
  using stack = new DisposableStack();
  const { codec, identity: codecIdentity } = stack.use(
    await openCodec(parts.autoencoder, { ...options, cells: unetFactor(config) }),
  );
  const prompt = await emptyPrompt({
    network,
    checkpoint,
    widths: { states: config.contextWidth, pooled: config.added?.pooledWidth },
  });
  stack.defer(() => disposeParams({ ...prompt }));
  const stored = stack.adopt(await loadNetwork(parts.network.weights, unetShapes(published), options), disposeParams);
  const params = widenInput(stored, "conv_in", config.inChannels);
  stack.defer(() => params["conv_in.weight"].dispose());
  const backbone = unetBackbone(config, {
    context: prompt.states,
    pooled: config.added && prompt.pooled,
    conditioning: "channel",
    checkpointing,
  });
  const identity = await networkIdentity(parts.network, prompt, { conditioning: "channel" });
  const owned = stack.move();
  return {
    kind: network,
    name: `${network} ${backbone.name}`,
    prefix: "unet",
    identity,
    codecIdentity,
    conditionScale: 1,
    weights: "resident",
    notes: weightNotes(options),
    backbone,
    params,
    codec,
    path: variancePreservingPath,
    solver: eulerDiscrete,
    times,
    [Symbol.dispose]: () => owned.dispose(),
  };
}
