import { type Params, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { type FluxConfig, type FluxInputs, fluxShapes, parseFluxConfig } from "../../lib/backbones/mod.ts";
import { type Adapter, ropeTable } from "../../lib/nn/mod.ts";
import { matchParams, readLora, readSafetensors } from "../../lib/weights/mod.ts";
import { close, goldenPath } from "../support.ts";

/** The configuration of the tiny FLUX of the goldens (PyTorch 2.15.0, diffusers 0.42.1). */
export const tinyConfig: FluxConfig = parseFluxConfig(
  JSON.parse(Deno.readTextFileSync(goldenPath("flux/config.json"))),
);

/** The tiny FLUX with its inputs and adapters. */
export interface FluxFixture {
  readonly params: Params;
  /** `flux_tiny_io`: inputs, activations and output. */
  readonly io: Params;
  readonly inputs: FluxInputs;
  /** r 4, alpha 8. */
  readonly sft: Adapter;
  /** r 3, alpha 3. */
  readonly dpo: Adapter;
  /** The files asked for, in their order. */
  readonly files: readonly Params[];
}

/**
 * Runs a test on the tiny FLUX and frees everything.
 *
 * @param names Further safetensors files to read, without the ending.
 * @param options.weights The file of the weights.
 */
export async function withFlux(
  names: readonly string[],
  fn: (fixture: FluxFixture) => void | Promise<void>,
  weights = "flux/flux_tiny.safetensors",
): Promise<void> {
  using scope = tensorScope();
  const read = async (name: string) => scope.own((await readSafetensors(goldenPath(name))).tensors);
  const lora = async (name: string) => {
    const adapter = await readLora(goldenPath(`lora/${name}/pytorch_lora_weights.safetensors`));
    scope.own(adapter.params);
    return adapter;
  };
  const params = await read(weights), io = await read("flux/flux_tiny_io.safetensors");
  matchParams(params, fluxShapes(tinyConfig), weights);
  const fixture = {
    params,
    io,
    inputs: { ...fluxInputs(io), rope: scope.own({ ...ropeTable(idsOf(io), tinyConfig.axesWidths) }) },
    sft: await lora("sft"),
    dpo: await lora("dpo"),
    files: await Promise.all(names.map((name) => read(`${name}.safetensors`))),
  };
  if (fn.constructor.name === "AsyncFunction") await fn(fixture);
  else tf.tidy(() => void fn(fixture));
}

/** Positions of the text tokens, then of the image tokens. */
export function idsOf(io: Params): number[][] {
  return [...io["in.txt_ids"].arraySync() as number[][], ...io["in.img_ids"].arraySync() as number[][]];
}

/** Fails unless an output of the tiny FLUX is the golden one: float32 rounding of the sinusoid is amplified (see README). */
export function closeToFlux(actual: tf.Tensor, golden: tf.Tensor): void {
  close(actual, golden, { absolute: 2e-4, relative: 1e-4 });
}

function fluxInputs(io: Params): Omit<FluxInputs, "rope"> {
  return {
    hiddenStates: io["in.hidden_states"],
    encoderHiddenStates: io["in.encoder_hidden_states"],
    pooledProjections: io["in.pooled_projections"],
    sigma: io["in.timestep"] as tf.Tensor1D,
    guidance: io["in.guidance"] as tf.Tensor1D,
  };
}
