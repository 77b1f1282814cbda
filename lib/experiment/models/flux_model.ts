import { join } from "node:path";
import { disposeParams, readJson } from "../../core/mod.ts";
import { emptyPrompt, fluxBackbone, fluxShapes, parseFluxConfig, widenInput } from "../../backbones/mod.ts";
import { euler, straightPath } from "../../flow/mod.ts";
import { fluxLayout } from "../../weights/mod.ts";
import { loadNetwork, networkIdentity, openCodec } from "./checkpoint_parts.ts";
import type { OpenedModel, OpenOptions } from "./opened_model.ts";
import { fluxTimes } from "./scheduler_config.ts";

/** Latents of a token, along one side. */
const PACKED = 2;

/**
 * Open FLUX.1 from a folder in diffusers' layout: `transformer`, `vae`, `scheduler`, and the empty prompt or the text
 * encoders that make it.
 *
 * With the condition on the channels `x_embedder` gets as many inputs again, with weights of zero: only an adapter of it
 * lets the condition in.
 *
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If a configuration or the names and shapes of the weights do not fit.
 * @throws {RefusedError} If there is no empty prompt.
 */
export async function openFluxModel(options: OpenOptions): Promise<OpenedModel> {
  const { checkpoint, conditioning = "token", conditionScale = 1, guidance = 1, checkpointing } = options;
  const folder = join(checkpoint, "transformer");
  const published = parseFluxConfig(await readJson(join(folder, "config.json")));
  const config = conditioning === "channel" ? { ...published, inChannels: 2 * published.outChannels } : published;
  const times = await fluxTimes(checkpoint);
  using stack = new DisposableStack();
  const { codec, identity: codecIdentity } = stack.use(await openCodec(checkpoint, { ...options, cells: PACKED }));
  const prompt = await emptyPrompt({
    network: "flux",
    checkpoint,
    widths: { states: config.contextWidth, pooled: config.pooledWidth },
  });
  stack.defer(() => disposeParams({ ...prompt }));
  const stored = stack.adopt(await loadNetwork(folder, fluxShapes(published), options, fluxLayout), disposeParams);
  const params = conditioning === "channel" ? widenInput(stored, "x_embedder", config.inChannels) : stored;
  if (params !== stored) stack.defer(() => params["x_embedder.weight"].dispose());
  const backbone = fluxBackbone(config, {
    context: prompt.states,
    pooled: prompt.pooled,
    conditioning,
    guidance,
    checkpointing,
  });
  const identity = await networkIdentity(folder, prompt, { conditioning, guidance });
  const cell = PACKED * codec.factor;
  const owned = stack.move();
  return {
    kind: "flux",
    name: backbone.name,
    prefix: "transformer",
    identity,
    codecIdentity,
    conditionScale,
    backbone,
    params,
    codec,
    path: straightPath,
    solver: euler,
    times: (steps, height, width) => times(steps, (height / cell) * (width / cell)),
    [Symbol.dispose]: () => owned.dispose(),
  };
}
