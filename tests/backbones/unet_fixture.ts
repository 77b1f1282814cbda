import { mapParams, type Params, type TensorScope, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { parseUnetConfig, type UnetConfig, type UnetInputs, unetShapes, widenInput } from "../../lib/backbones/mod.ts";
import type { Adapter } from "../../lib/nn/mod.ts";
import { matchParams, readSafetensors } from "../../lib/weights/mod.ts";
import { goldenPath } from "../support.ts";

/** The tiny UNets of the goldens. */
export const unetNames = ["sd15", "sdxl"] as const;

/** One of them. */
export type UnetName = typeof unetNames[number];

/** A tiny UNet with its inputs. */
export interface UnetFixture {
  readonly config: UnetConfig;
  readonly params: Params;
  readonly inputs: UnetInputs;
  /** Inputs, activations and output; images are `[B, C, H, W]`. */
  readonly io: Params;
}

/** A tiny UNet with the condition on the channels and an adapter on every target (r 2, alpha 3). */
export interface AdaptedUnet extends UnetFixture {
  readonly adapter: Adapter;
  /** The condition. `[B, H, W, C]` */
  readonly condition: tf.Tensor4D;
  /** PEFT's output, and loss and gradients of the mean squared difference to `in.target`. */
  readonly golden: Params;
}

/** Runs a test on a tiny UNet (PyTorch 2.15.0, diffusers 0.42.1) and frees everything. */
export async function withUnet(name: UnetName, fn: (fixture: UnetFixture) => void | Promise<void>): Promise<void> {
  using scope = tensorScope();
  await run(fn, await openUnet(name, scope));
}

/** Runs a test on a tiny UNet with an adapter (PEFT 0.21.2) and frees everything. */
export async function withAdapter(name: UnetName, fn: (fixture: AdaptedUnet) => void | Promise<void>): Promise<void> {
  using scope = tensorScope();
  const unet = await openUnet(name, scope), golden = await read(`unet_${name}_tiny_lora.safetensors`, scope);
  const config = { ...unet.config, inChannels: 8 };
  const { kernel, sample, condition, factors } = scope.own(tf.tidy(() => {
    const condition = channelsLast(golden["in.condition"]);
    return {
      kernel: widenInput(unet.params, "conv_in", 8)["conv_in.weight"],
      sample: tf.concat([unet.inputs.sample, condition], 3),
      condition,
      factors: { ...factorsOf(golden, "lora.") },
    };
  }));
  const params = { ...unet.params, "conv_in.weight": kernel };
  matchParams(params, unetShapes(config), name);
  const adapter = { rank: 2, alpha: 3, params: factors };
  await run(fn, { ...unet, config, params, inputs: { ...unet.inputs, sample }, condition, adapter, golden });
}

/** Factors (or their gradients) of a file under the names of the layers, kernels laid out as matrices. */
export function factorsOf(file: Params, prefix: string): Params {
  const own = Object.entries(file).filter(([name]) => name.startsWith(prefix) && name.includes(".lora_"));
  const named = Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  return mapParams(named, (tensor) => tensor.reshape([tensor.shape[0], -1]));
}

/** `[B, C, H, W]` of the goldens to `[B, H, W, C]`. */
export function channelsLast(x: tf.Tensor): tf.Tensor4D {
  return x.transpose<tf.Tensor4D>([0, 2, 3, 1]);
}

/** Reads the `config.json` of a tiny UNet. */
export function unetConfig(name: UnetName): UnetConfig {
  return parseUnetConfig(JSON.parse(Deno.readTextFileSync(goldenPath(`unet/unet_${name}_tiny_config.json`))));
}

async function openUnet(name: UnetName, scope: TensorScope): Promise<UnetFixture> {
  const config = unetConfig(name), io = await read(`unet_${name}_tiny_io.safetensors`, scope);
  const params = await read(`unet_${name}_tiny.safetensors`, scope);
  matchParams(params, unetShapes(config), name);
  const inputs = {
    sample: scope.own(channelsLast(io["in.sample"])),
    timestep: io["in.timestep"] as tf.Tensor1D,
    context: io["in.encoder_hidden_states"],
    pooled: io["in.text_embeds"],
    sizes: io["in.time_ids"],
  };
  return { config, params, inputs, io };
}

async function read(file: string, scope: TensorScope): Promise<Params> {
  return scope.own((await readSafetensors(goldenPath(`unet/${file}`))).tensors);
}

async function run<Fixture>(fn: (fixture: Fixture) => void | Promise<void>, fixture: Fixture): Promise<void> {
  if (fn.constructor.name === "AsyncFunction") await fn(fixture);
  else tf.tidy(() => void fn(fixture)); // tf.tidy would end before a promise does
}
