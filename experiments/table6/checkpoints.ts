import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tf } from "asasr/engine/mod.ts";
import { disposeParams, writeJson } from "asasr/core/mod.ts";
import { type PromptNetwork, writePrompt } from "asasr/backbones/mod.ts";
import { readSafetensors } from "asasr/weights/mod.ts";

/** Which fixtures make a checkpoint. */
interface Parts {
  readonly folder: "transformer" | "unet";
  readonly network: string;
  readonly config: string;
  readonly io: string;
  readonly pooled: string | null;
  readonly autoencoder: string;
  readonly scheduler: Readonly<Record<string, unknown>>;
}

const diffusion = {
  _class_name: "EulerDiscreteScheduler",
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: "scaled_linear",
  num_train_timesteps: 1000,
  steps_offset: 1,
  prediction_type: "epsilon",
};

const parts: Readonly<Record<PromptNetwork, Parts>> = {
  flux: {
    folder: "transformer",
    network: "flux/flux_tiny",
    config: "flux/config.json",
    io: "flux/flux_tiny_io",
    pooled: "in.pooled_projections",
    autoencoder: "vae/vae_flux_tiny",
    scheduler: { _class_name: "FlowMatchEulerDiscreteScheduler", use_dynamic_shifting: true, shift: 3 },
  },
  sd15: {
    folder: "unet",
    network: "unet/unet_sd15_tiny",
    config: "unet/unet_sd15_tiny_config.json",
    io: "unet/unet_sd15_tiny_io",
    pooled: null,
    autoencoder: "vae/vae_sd_tiny",
    scheduler: diffusion,
  },
  sdxl: {
    folder: "unet",
    network: "unet/unet_sdxl_tiny",
    config: "unet/unet_sdxl_tiny_config.json",
    io: "unet/unet_sdxl_tiny_io",
    pooled: "in.text_embeds",
    autoencoder: "vae/vae_sd_tiny",
    scheduler: diffusion,
  },
};

/**
 * Write a checkpoint in diffusers' layout of the tiny random networks that the tests compare with diffusers: network,
 * autoencoder, scheduler, and a text in the place of the empty prompt.
 *
 * @param kind Which architecture.
 * @param folder Made where it is missing.
 */
export async function writeTinyCheckpoint(kind: PromptNetwork, folder: string): Promise<void> {
  const { folder: inside, network, config, io, pooled, autoencoder, scheduler } = parts[kind];
  await copy(`${network}.safetensors`, join(folder, inside, "diffusion_pytorch_model.safetensors"));
  await copy(config, join(folder, inside, "config.json"));
  await copy(`${autoencoder}.safetensors`, join(folder, "vae", "diffusion_pytorch_model.safetensors"));
  await copy(`${autoencoder}_config.json`, join(folder, "vae", "config.json"));
  await writeJson(join(folder, "scheduler", "scheduler_config.json"), scheduler);
  const { tensors } = await readSafetensors(golden(`${io}.safetensors`), {
    include: (name) => name === "in.encoder_hidden_states" || name === pooled,
  });
  const first = (name: string) => tf.slice(tensors[name], 0, 1);
  const states = first("in.encoder_hidden_states") as tf.Tensor3D;
  const text = (pooled === null ? tf.zeros([1, 1]) : first(pooled)) as tf.Tensor2D;
  await writePrompt(join(folder, "empty_prompt.safetensors"), { states, pooled: text }, kind).finally(() => {
    disposeParams({ ...tensors, states, text });
  });
}

async function copy(name: string, path: string): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.copyFile(golden(name), path);
}

function golden(name: string): string {
  return fileURLToPath(new URL(`../../tests/golden/${name}`, import.meta.url));
}
