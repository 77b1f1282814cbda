import type { Adapter, LinearShapes } from "../../nn/mod.ts";

/**
 * How adapters are written: `diffusers` (a file, also for ComfyUI where the network is FLUX), `kohya` (a file, for ComfyUI
 * and others) or `peft` (a folder).
 */
export type LoraFormat = "diffusers" | "kohya" | "peft";

/** The formats, for lists of choices. */
export const loraFormats: readonly LoraFormat[] = ["diffusers", "kohya", "peft"];

/** In front of the names in diffusers' files: FLUX is a `transformer`, Stable Diffusion's network a `unet`. */
export type LoraPrefix = "transformer" | "unet";

/** What files of adapters depend on in the network that they adapt. */
export interface LoraNetwork {
  /** Which part of a pipeline it is. */
  readonly prefix: LoraPrefix;
  /** Layers that may be adapted. */
  readonly targets: LinearShapes;
}

/** An adapter that was read from a file. Its tensors belong to the caller. */
export interface LoraFile extends Adapter {
  /** How it was written. */
  readonly format: LoraFormat;
  /** The network as far as the file tells: the layers that it adapts. */
  readonly network: LoraNetwork;
  /** Texts of its header. */
  readonly header: Readonly<Record<string, string>>;
}

/** Where diffusers keeps PEFT's settings in a header. */
export const METADATA = "lora_adapter_metadata";

/** Names that diffusers and PEFT look for. */
export const DIFFUSERS_FILE = "pytorch_lora_weights.safetensors",
  PEFT_FILE = "adapter_model.safetensors",
  PEFT_CONFIG = "adapter_config.json";
