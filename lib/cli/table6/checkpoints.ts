import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeTensors, encodeTensors, type HostTensor, readBytes, writeAtomic, writeJson } from "../../core/mod.ts";
import { EMPTY_PROMPT_FILE, type PromptNetwork } from "../../backbones/mod.ts";

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
  const path = golden(`${io}.safetensors`), { tensors } = decodeTensors(await readBytes(path), path);
  const first = (name: string): HostTensor => {
    const { shape: [batch, ...shape], data } = tensors[name];
    return { shape: [1, ...shape], data: data.slice(0, data.length / batch) as Float32Array };
  };
  const text = {
    prompt_embeds: first("in.encoder_hidden_states"),
    pooled: pooled === null ? { shape: [1, 1], data: new Float32Array(1) } : first(pooled),
  };
  await writeAtomic(join(folder, EMPTY_PROMPT_FILE), encodeTensors(text, { network: kind }));
}

async function copy(name: string, path: string): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.copyFile(golden(name), path);
}

function golden(name: string): string {
  return fileURLToPath(new URL(`../../../tests/golden/${name}`, import.meta.url));
}
