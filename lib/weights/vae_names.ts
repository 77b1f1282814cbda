import type { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";

/** From the names of the original files (Rombach et al. 2022, `ae.safetensors`) and of older diffusers to today's. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/\.down\.(\d+)\.block\.(\d+)\./, ".down_blocks.$1.resnets.$2."],
  [/\.down\.(\d+)\.downsample\./, ".down_blocks.$1.downsamplers.0."],
  [/\.up\.(\d+)\.block\.(\d+)\./, ".up_blocks.$1.resnets.$2."],
  [/\.up\.(\d+)\.upsample\./, ".up_blocks.$1.upsamplers.0."],
  [/\.mid\.block_1\./, ".mid_block.resnets.0."],
  [/\.mid\.block_2\./, ".mid_block.resnets.1."],
  [/\.mid\.attn_1\.norm\./, ".mid_block.attentions.0.group_norm."],
  [/\.mid\.attn_1\./, ".mid_block.attentions.0."],
  [/\.nin_shortcut\./, ".conv_shortcut."],
  [/coder\.norm_out\./, "coder.conv_norm_out."],
  [/\.attentions\.0\.(?:query|q)\./, ".attentions.0.to_q."],
  [/\.attentions\.0\.(?:key|k)\./, ".attentions.0.to_k."],
  [/\.attentions\.0\.(?:value|v)\./, ".attentions.0.to_v."],
  [/\.attentions\.0\.(?:proj_attn|proj_out)\./, ".attentions.0.to_out.0."],
];

/**
 * Give an autoencoder's tensors the names and shapes that diffusers has today. It takes the names of older diffusers
 * (`query`, `key`, `value`, `proj_attn`) and of the original single file, and 1 x 1 convolutions in place of the attention's
 * linear layers.
 *
 * @param tensors Of a file, which this function takes over: a tensor is returned or disposed.
 * @returns Names that no rule changes stay as they are.
 */
export function renameAutoencoder(tensors: Params): Params {
  // The original counts the decoder's levels from the largest maps, diffusers from the smallest.
  const levels = Object.keys(tensors).map((name) => Number(/^decoder\.up\.(\d+)\./.exec(name)?.[1] ?? -1));
  const last = levels.reduce((largest, level) => Math.max(largest, level), 0);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const counted = name.replace(/^decoder\.up\.(\d+)\./, (_, level) => `decoder.up.${last - Number(level)}.`);
      const renamed = RULES.reduce((name, [pattern, replacement]) => name.replace(pattern, replacement), counted);
      return [renamed, /\.attentions\.0\.to_\w+(\.0)?\.weight$/.test(renamed) ? asLinear(tensor) : tensor];
    }),
  );
}

/** `[out, in, 1, 1]` becomes `[out, in]`. */
function asLinear(tensor: tf.Tensor): tf.Tensor {
  if (tensor.rank !== 4 || tensor.shape[2] !== 1 || tensor.shape[3] !== 1) return tensor;
  const weight = tensor.reshape(tensor.shape.slice(0, 2));
  tensor.dispose();
  return weight;
}
