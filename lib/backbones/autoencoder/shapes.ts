import type { AutoencoderConfig } from "./config.ts";

/**
 * List every parameter of an autoencoder under its diffusers name, without creating one.
 *
 * @param config Widths and depths.
 * @returns Shape by name: convolutions `[out, in, kh, kw]`, linear layers `[out, in]`.
 */
export function autoencoderShapes(config: AutoencoderConfig): Readonly<Record<string, readonly number[]>> {
  const { widths, latentChannels, resnets, quantConv, postQuantConv } = config;
  const shapes: Record<string, readonly number[]> = {};
  const add = (module: string, weight: readonly number[]) => {
    shapes[`${module}.weight`] = weight;
    shapes[`${module}.bias`] = [weight[0]];
  };
  const conv = (module: string, from: number, to: number, side = 3) => add(module, [to, from, side, side]);
  const resnet = (module: string, from: number, to: number) => {
    add(`${module}.norm1`, [from]);
    conv(`${module}.conv1`, from, to);
    add(`${module}.norm2`, [to]);
    conv(`${module}.conv2`, to, to);
    if (from !== to) conv(`${module}.conv_shortcut`, from, to, 1);
  };
  const level = (module: string, count: number, from: number, to: number) => {
    for (let j = 0; j < count; j++) resnet(`${module}.resnets.${j}`, j === 0 ? from : to, to);
  };
  const last = widths[widths.length - 1];
  const middle = (module: string) => {
    level(module, 2, last, last);
    if (!config.midAttention) return;
    add(`${module}.attentions.0.group_norm`, [last]);
    for (const name of ["to_q", "to_k", "to_v", "to_out.0"]) add(`${module}.attentions.0.${name}`, [last, last]);
  };

  conv("encoder.conv_in", 3, widths[0]);
  widths.forEach((width, i) => {
    level(`encoder.down_blocks.${i}`, resnets, widths[Math.max(i - 1, 0)], width);
    if (i < widths.length - 1) conv(`encoder.down_blocks.${i}.downsamplers.0.conv`, width, width);
  });
  middle("encoder.mid_block");
  add("encoder.conv_norm_out", [last]);
  conv("encoder.conv_out", last, 2 * latentChannels);
  if (quantConv) conv("quant_conv", 2 * latentChannels, 2 * latentChannels, 1);

  if (postQuantConv) conv("post_quant_conv", latentChannels, latentChannels, 1);
  conv("decoder.conv_in", latentChannels, last);
  middle("decoder.mid_block");
  widths.toReversed().forEach((width, i, reversed) => {
    level(`decoder.up_blocks.${i}`, resnets + 1, reversed[Math.max(i - 1, 0)], width);
    if (i < widths.length - 1) conv(`decoder.up_blocks.${i}.upsamplers.0.conv`, width, width);
  });
  add("decoder.conv_norm_out", [widths[0]]);
  conv("decoder.conv_out", widths[0], 3);
  return shapes;
}
