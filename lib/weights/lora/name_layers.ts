import type { tf } from "../../engine/mod.ts";
import type { TensorScope } from "../../core/mod.ts";
import { dottedFluxLayer } from "../flux_names.ts";
import { splitFused } from "./fused.ts";
import { dottedUnetModule, withoutKohyaPrefix } from "./kohya_names.ts";
import type { LoraLayer } from "./layer.ts";
import type { LoraFormat, LoraPrefix } from "./lora_file.ts";
import type { RawLayer } from "./raw_layers.ts";

/** In front of PEFT's names. */
export const PEFT_PREFIX = "base_model.model.";

/** First words of the names of layers, by network. */
const NETWORKS: Readonly<Record<LoraPrefix, RegExp>> = {
  transformer:
    /^(?:(?:single_)?transformer_blocks|x_embedder|context_embedder|time_text_embed|norm_out|proj_out)(?:\.|$)/,
  unet: /^(?:down_blocks|mid_block|up_blocks|conv_in|conv_out|time_embedding|add_embedding)(?:\.|$)/,
};

/** Tells the format of an adapter's file from its names. */
export function formatOf(names: readonly string[]): LoraFormat {
  if (names.some((name) => withoutKohyaPrefix(name) !== undefined)) return "kohya";
  return names.some((name) => name.startsWith(PEFT_PREFIX)) ? "peft" : "diffusers";
}

/** Finds the network that has all the modules. */
export function prefixOf(modules: readonly string[]): LoraPrefix | undefined {
  return (["transformer", "unet"] as const).find((prefix) => modules.every((module) => NETWORKS[prefix].test(module)));
}

/**
 * Name a layer of a file as diffusers does; one that is fused becomes several.
 *
 * @param name In the file.
 * @param alphaOf Its alpha by its new name and its rank.
 * @param scope Gets what is made.
 * @returns Nothing for a layer of another part of a pipeline, or of another network.
 */
export function nameLayer(
  format: LoraFormat,
  name: string,
  raw: RawLayer,
  alphaOf: (module: string, rank: number) => number,
  scope: TensorScope,
): LoraLayer[] | undefined {
  const flat = format === "kohya" ? withoutKohyaPrefix(name) : undefined;
  if (format === "kohya" && flat === undefined) return undefined;
  const module = flat === undefined
    ? name.replace(format === "peft" ? PEFT_PREFIX : /^(?:transformer|unet)\./, "")
    : dottedFluxLayer(flat) ?? dottedUnetModule(flat);
  if (module === undefined) return undefined;

  const [rank, , ...kernel] = raw.down.shape;
  const matrix = (x: tf.Tensor) => scope.own(x.reshape<tf.Tensor2D>([x.shape[0], -1]));
  const layer: LoraLayer = {
    module,
    down: matrix(raw.down),
    up: matrix(raw.up),
    alpha: alphaOf(module, rank),
    ...kernel.length === 2 && { kernel: [kernel[0], kernel[1]] as const },
  };
  if (flat !== undefined && dottedFluxLayer(flat) !== undefined) return splitFused(layer, scope);
  return prefixOf([module]) === undefined ? undefined : [layer];
}
