import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { pixelShuffle } from "../pixel_shuffle.ts";
import { type Restorer, SCALE } from "../restorer.ts";
import { convolutionShapes, convolve, prelu, spatialAttention } from "./layers.ts";
import type { RestorerNetwork } from "./network.ts";

const WIDTH = 48, ATTENTION = 12, CELLS = 4;

/**
 * EFDN, edge-enhanced feature distillation (Wang 2022), an efficient network trained for fidelity: four cells with
 * spatial attention, fused in pairs. Its re-parameterised
 * form, one convolution per block; its outputs are clipped, as its authors do.
 */
export const efdn: RestorerNetwork = {
  title: "EFDN",
  shapes: Object.fromEntries([
    ...convolutionShapes("head", 3, WIDTH, 3),
    ...Array.from({ length: CELLS }, (_, i) => cellShapes(`cells.${i}`)).flat(),
    ...Array.from({ length: CELLS - 1 }, (_, i) => convolutionShapes(`local_fuse.${i}`, 2 * WIDTH, WIDTH, 1)).flat(),
    ...convolutionShapes("tail.0", WIDTH, 3 * SCALE ** 2, 3),
  ]),
  rename: (name) => name,
  bind,
  context: 32,
  exactTiles: false,
  minSide: 15,
  source: "EFDN, Wang 2022, of the NTIRE 2022 challenge; MIT",
};

function bind(params: Params): Restorer {
  const fuse = (i: number, a: tf.Tensor4D, b: tf.Tensor4D) =>
    convolve(params, `local_fuse.${i}`, tf.concat<tf.Tensor4D>([a, b], 3));
  return (lr) =>
    tf.tidy(() => {
      const head = convolve(params, "head", lr.add<tf.Tensor4D>(1).div(2));
      const c1 = cell(params, "cells.0", head);
      const c2 = cell(params, "cells.1", c1);
      const c3 = cell(params, "cells.2", fuse(0, c1, c2));
      const c4 = cell(params, "cells.3", fuse(1, c2, c3));
      const features = fuse(2, c2, c4).add<tf.Tensor4D>(head);
      const output = pixelShuffle(convolve(params, "tail.0", features), SCALE).mul<tf.Tensor4D>(2).sub<tf.Tensor4D>(1);
      return tf.clipByValue(output, -1, 1);
    });
}

function cell(params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  const layer = (name: string, block: string, from: tf.Tensor4D) =>
    prelu(convolve(params, `${module}.${block}.${name}`, from), params[`${module}.${block}.act.weight`]);
  const o1 = layer("conv1x1", "conv1", x);
  const o2 = layer("rep_conv", "conv2", o1);
  const o3 = layer("rep_conv", "conv3", o2);
  const halves = [x, o1, o2, o3].map((features, i) => convolve(params, `${module}.branch.${i}`, features));
  const fused = convolve(params, `${module}.fuse`, tf.concat<tf.Tensor4D>(halves, 3));
  const inner = ["conv_max", "conv3", "conv3_"];
  return spatialAttention(params, { module: `${module}.att`, inner }, fused).add(x);
}

function cellShapes(module: string): [string, readonly number[]][] {
  const at = (name: string) => `${module}.att.${name}`;
  return [
    ...convolutionShapes(`${module}.conv1.conv1x1`, WIDTH, WIDTH, 1),
    ...["conv2", "conv3"].flatMap((block) => convolutionShapes(`${module}.${block}.rep_conv`, WIDTH, WIDTH, 3)),
    ...["conv1", "conv2", "conv3"].map((block): [string, readonly number[]] => [`${module}.${block}.act.weight`, [
      WIDTH,
    ]]),
    ...[0, 1, 2, 3].flatMap((i) => convolutionShapes(`${module}.branch.${i}`, WIDTH, WIDTH / 2, 1)),
    ...convolutionShapes(`${module}.fuse`, 2 * WIDTH, WIDTH, 1),
    ...convolutionShapes(at("conv1"), WIDTH, ATTENTION, 1),
    ...convolutionShapes(at("conv_f"), ATTENTION, ATTENTION, 1),
    ...["conv_max", "conv2", "conv3", "conv3_"].flatMap((name) => convolutionShapes(at(name), ATTENTION, ATTENTION, 3)),
    ...convolutionShapes(at("conv4"), ATTENTION, WIDTH, 1),
  ];
}
