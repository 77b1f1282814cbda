import type { LinearShape, LinearShapes } from "../../nn/mod.ts";
import { SIZE_COUNT, type UnetConfig } from "./config.ts";

/** A tree of shapes under construction. */
type Shapes = Record<string, readonly number[]>;

/**
 * List every parameter of a UNet under its diffusers name, without creating one.
 *
 * @param config Widths and depths.
 * @returns Shape by name; linear weights are `[out, in]`, kernels `[out, in, kh, kw]`.
 */
export function unetShapes(config: UnetConfig): Readonly<Record<string, readonly number[]>> {
  const { widths, depths, layers, added } = config;
  const shapes: Shapes = {}, last = widths.length - 1, embedded = 4 * widths[0];
  kernel(shapes, "conv_in", config.inChannels, widths[0]);
  embedding(shapes, "time_embedding", widths[0], embedded);
  if (added) embedding(shapes, "add_embedding", SIZE_COUNT * added.sizeWidth + added.pooledWidth, embedded);

  /** Widths of the maps that the way up gets back, last first. */
  const skips = [widths[0]];
  widths.forEach((width, level) => {
    const block = `down_blocks.${level}`;
    for (let layer = 0; layer < layers; layer++) {
      residual(shapes, `${block}.resnets.${layer}`, skips[0], width, embedded);
      if (depths[level] > 0) attentions(shapes, config, `${block}.attentions.${layer}`, width, depths[level]);
      skips.unshift(width);
    }
    if (level === last) return;
    kernel(shapes, `${block}.downsamplers.0.conv`, width, width);
    skips.unshift(width);
  });

  const middle = widths[last];
  for (const layer of [0, 1]) residual(shapes, `mid_block.resnets.${layer}`, middle, middle, embedded);
  attentions(shapes, config, "mid_block.attentions.0", middle, config.middleDepth);

  let previous = middle;
  for (let level = last; level >= 0; level--) {
    const block = `up_blocks.${last - level}`, width = widths[level];
    for (let layer = 0; layer <= layers; layer++) {
      residual(shapes, `${block}.resnets.${layer}`, previous + skips.shift()!, width, embedded);
      if (depths[level] > 0) attentions(shapes, config, `${block}.attentions.${layer}`, width, depths[level]);
      previous = width;
    }
    if (level > 0) kernel(shapes, `${block}.upsamplers.0.conv`, width, width);
  }
  norm(shapes, "conv_norm_out", widths[0]);
  kernel(shapes, "conv_out", widths[0], config.outChannels);
  return shapes;
}

/**
 * List the layers that take an adapter: all linear layers of the transformers and the projections around them, also
 * where these are 1 x 1 convolutions. With the condition on the channels `conv_in` too, as a linear layer of the
 * `9 inChannels` values around a pixel, ordered as in its kernel: the published weights know no condition, so nothing of
 * it would pass otherwise.
 *
 * @param config Widths and depths.
 * @returns Input and output width by module name.
 */
export function unetTargets(config: UnetConfig): LinearShapes {
  const adapted = Object.entries(unetShapes(config)).filter(([name, shape]) =>
    name.includes(".attentions.") && name.endsWith(".weight") && shape.length > 1
  );
  const targets = adapted.map(([name, [out, width, height, breadth]]): [string, LinearShape] => [
    name.slice(0, -".weight".length),
    { in: width, out, ...height && { kernel: [height, breadth] } },
  ]);
  const conditioned = config.inChannels !== config.outChannels;
  return {
    ...conditioned && { conv_in: { in: 9 * config.inChannels, out: config.widths[0], kernel: [3, 3] } },
    ...Object.fromEntries(targets),
  };
}

function linear(shapes: Shapes, module: string, width: number, out: number, bias = true): void {
  shapes[`${module}.weight`] = [out, width];
  if (bias) shapes[`${module}.bias`] = [out];
}

function kernel(shapes: Shapes, module: string, width: number, out: number, side = 3): void {
  shapes[`${module}.weight`] = [out, width, side, side];
  shapes[`${module}.bias`] = [out];
}

function norm(shapes: Shapes, module: string, width: number): void {
  shapes[`${module}.weight`] = [width];
  shapes[`${module}.bias`] = [width];
}

function embedding(shapes: Shapes, module: string, width: number, out: number): void {
  linear(shapes, `${module}.linear_1`, width, out);
  linear(shapes, `${module}.linear_2`, out, out);
}

function residual(shapes: Shapes, module: string, width: number, out: number, embedded: number): void {
  norm(shapes, `${module}.norm1`, width);
  kernel(shapes, `${module}.conv1`, width, out);
  linear(shapes, `${module}.time_emb_proj`, embedded, out);
  norm(shapes, `${module}.norm2`, out);
  kernel(shapes, `${module}.conv2`, out, out);
  if (width !== out) kernel(shapes, `${module}.conv_shortcut`, width, out, 1);
}

function attentions(shapes: Shapes, config: UnetConfig, module: string, width: number, depth: number): void {
  const project = config.linearProjection ? linear : pointwise;
  norm(shapes, `${module}.norm`, width);
  project(shapes, `${module}.proj_in`, width, width);
  for (let i = 0; i < depth; i++) {
    const block = `${module}.transformer_blocks.${i}`;
    for (const [attention, source] of [["attn1", width], ["attn2", config.contextWidth]] as const) {
      linear(shapes, `${block}.${attention}.to_q`, width, width, false);
      linear(shapes, `${block}.${attention}.to_k`, source, width, false);
      linear(shapes, `${block}.${attention}.to_v`, source, width, false);
      linear(shapes, `${block}.${attention}.to_out.0`, width, width);
    }
    linear(shapes, `${block}.ff.net.0.proj`, width, 8 * width); // values and gates
    linear(shapes, `${block}.ff.net.2`, 4 * width, width);
    for (const name of ["norm1", "norm2", "norm3"]) norm(shapes, `${block}.${name}`, width);
  }
  project(shapes, `${module}.proj_out`, width, width);
}

function pointwise(shapes: Shapes, module: string, width: number, out: number): void {
  kernel(shapes, module, width, out, 1);
}
