import type { LoraPrefix } from "../../weights/mod.ts";

/** The networks that can be opened from a folder of weights. */
export const modelKinds = ["flux", "sd15", "sdxl", "small"] as const;

/** FLUX.1, Stable Diffusion 1.5 or XL in diffusers' layout, or the small transformer that `deno task ablation` trains. */
export type ModelKind = typeof modelKinds[number];

/** In front of the names of a network's adapters in files. */
export function networkPrefix(kind: ModelKind): LoraPrefix {
  return kind === "sd15" || kind === "sdxl" ? "unet" : "transformer";
}
