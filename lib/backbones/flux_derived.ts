import { DataError } from "../core/mod.ts";
import { FLUX_DEV, type FluxConfig } from "./flux_config.ts";

/**
 * Derive the configuration of a FLUX transformer from the shapes of its tensors: original single files have no
 * `config.json`, and fluxes differ in guidance, inputs and depth.
 *
 * @param tensors Shapes by diffusers' names.
 * @param label Names the file in errors.
 * @throws {DataError} If they are not those of a FLUX, or its heads have not the 128 channels of the published ones: how
 * rotary positions share the channels of a head shows in no shape.
 */
export function deriveFluxConfig(
  tensors: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  label: string,
): FluxConfig {
  const names = Object.keys(tensors);
  const length = (name: string, axis: number): number => {
    const found = tensors[name]?.shape[axis];
    if (found !== undefined) return found;
    throw new DataError(
      `Cannot open ${label} as a single file must hold FLUX in its original layout (SD1.5 and SDXL are read from folders ` +
        `in diffusers' layout): current value is no ${name} among ${names.length} tensors, such as ${
          names[0] ?? "none"
        }`,
    );
  };
  const blocks = (kind: string) =>
    new Set(names.flatMap((name) => new RegExp(`^${kind}\\.(\\d+)\\.`).exec(name)?.[1] ?? [])).size;
  const headWidth = length("transformer_blocks.0.attn.norm_q.weight", 0);
  if (headWidth !== FLUX_DEV.headWidth) {
    throw new DataError(
      `Cannot derive FLUX config of ${label} as its heads must have ${FLUX_DEV.headWidth} channels, or config.json in ` +
        `diffusers' words lie beside it: current value is ${headWidth}`,
    );
  }
  return {
    inChannels: length("x_embedder.weight", 1),
    outChannels: length("proj_out.weight", 0),
    heads: length("x_embedder.weight", 0) / headWidth,
    headWidth,
    doubleBlocks: blocks("transformer_blocks"),
    singleBlocks: blocks("single_transformer_blocks"),
    contextWidth: length("context_embedder.weight", 1),
    pooledWidth: length("time_text_embed.text_embedder.linear_1.weight", 1),
    guidance: "time_text_embed.guidance_embedder.linear_1.weight" in tensors,
    axesWidths: FLUX_DEV.axesWidths,
  };
}
