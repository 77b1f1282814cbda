import { type Params, rng, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { parseUnetConfig, type UnetConfig, type UnetInputs, unetShapes, unetTargets } from "../../lib/backbones/mod.ts";
import { type Adapter, createLora } from "../../lib/nn/mod.ts";
import { matchParams, readSafetensors } from "../../lib/weights/mod.ts";
import { goldenPath } from "../support.ts";

/** The tiny UNets of the goldens (PyTorch 2.15.0, diffusers 0.42.1). */
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

/** Reads the `config.json` of a tiny UNet. */
export function unetConfig(name: UnetName): UnetConfig {
  return parseUnetConfig(JSON.parse(Deno.readTextFileSync(goldenPath(`unet/unet_${name}_tiny_config.json`))));
}

/** Runs a test on a tiny UNet and frees everything. */
export async function withUnet(name: UnetName, fn: (fixture: UnetFixture) => void | Promise<void>): Promise<void> {
  using scope = tensorScope();
  const read = async (file: string) => scope.own((await readSafetensors(goldenPath(`unet/${file}`))).tensors);
  const config = unetConfig(name);
  const params = await read(`unet_${name}_tiny.safetensors`), io = await read(`unet_${name}_tiny_io.safetensors`);
  matchParams(params, unetShapes(config), name);
  const inputs = {
    sample: scope.own(channelsLast(io["in.sample"])),
    timestep: io["in.timestep"] as tf.Tensor1D,
    context: io["in.encoder_hidden_states"],
    pooled: io["in.text_embeds"],
    sizes: io["in.time_ids"],
  };
  const fixture = { config, params, inputs, io };
  if (fn.constructor.name === "AsyncFunction") await fn(fixture);
  else tf.tidy(() => void fn(fixture));
}

/** `[B, C, H, W]` of the goldens to `[B, H, W, C]`. */
export function channelsLast(x: tf.Tensor): tf.Tensor4D {
  return x.transpose<tf.Tensor4D>([0, 2, 3, 1]);
}

/** An adapter of rank 2 on every target whose two factors are random. */
export function movedAdapter(config: UnetConfig, seed = 4): Adapter {
  const random = rng(seed, "adapter of a UNet");
  const adapter = createLora(unetTargets(config), { rank: 2, alpha: 3, rng: random });
  const params = Object.entries(adapter.params).map(([name, tensor]) => {
    if (!name.includes("lora_B")) return [name, tensor] as const;
    const values = random.normals(tensor.size).map((value) => 0.3 * value);
    tensor.dispose();
    return [name, tf.tensor(values, tensor.shape)] as const;
  });
  return { ...adapter, params: Object.fromEntries(params) };
}
