import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { conv2d, groupNorm } from "../../nn/mod.ts";
import { convShapes, joinShapes, normShapes, type Shapes } from "./layout.ts";

/** Channels after the first convolution and after the block. */
const NARROW = 64, WIDE = 256;
/** Values of a patch after the stem: 8 x 8 of them. */
export const STEM_VALUES: number = 8 * 8 * WIDE;

/** Shapes of the convolutions that turn patches into tokens. */
export const stemShapes: Shapes = joinShapes([
  convShapes("conv_root", 3, NARROW, 7, false),
  normShapes("gn_root", NARROW),
  convShapes("block1.conv1", NARROW, NARROW, 1, false),
  normShapes("block1.gn1", NARROW),
  convShapes("block1.conv2", NARROW, NARROW, 3, false),
  normShapes("block1.gn2", NARROW),
  convShapes("block1.conv3", NARROW, WIDE, 1, false),
  normShapes("block1.gn3", WIDE),
  convShapes("block1.conv_proj", NARROW, WIDE, 1, false),
  normShapes("block1.gn_proj", WIDE),
]);

/**
 * Apply MUSIQ's first convolution, norm and pool to patches.
 *
 * @param patches In [-1, 1]. `[N, 32, 32, 3]`
 * @returns `[N, 8, 8, 64]`
 */
export function musiqRoot(params: Params, patches: tf.Tensor4D): tf.Tensor4D {
  const maps = normalise(params, "gn_root", standardConv(params, "conv_root", patches, 2), 1e-6).relu<tf.Tensor4D>();
  return tf.maxPool(maps, 3, 2, "same");
}

/**
 * Apply MUSIQ's residual block.
 *
 * @param x `[N, 8, 8, 64]`
 * @returns `[N, 8, 8, 256]`
 */
export function musiqBlock(params: Params, x: tf.Tensor4D): tf.Tensor4D {
  const layer = (nth: number, x: tf.Tensor4D) =>
    normalise(params, `block1.gn${nth}`, standardConv(params, `block1.conv${nth}`, x));
  const shortcut = normalise(params, "block1.gn_proj", standardConv(params, "block1.conv_proj", x));
  return layer(3, layer(2, layer(1, x).relu<tf.Tensor4D>()).relu<tf.Tensor4D>()).add(shortcut).relu<tf.Tensor4D>();
}

/** Convolve with every filter's mean removed and divided by its unbiased deviation (Qiao et al. 2019). */
function standardConv(params: Params, module: string, x: tf.Tensor4D, stride = 1): tf.Tensor4D {
  const weight = params[`${module}.weight`];
  const centred = weight.sub(weight.mean([1, 2, 3], true));
  const values = weight.size / weight.shape[0];
  const deviation = centred.square().sum([1, 2, 3], true).div(values - 1).sqrt();
  const standard = { [`${module}.weight`]: centred.div(deviation.add(1e-5)) };
  return conv2d(standard, module, x, { stride, padding: "same" });
}

function normalise(params: Params, module: string, x: tf.Tensor4D, epsilon = 1e-4): tf.Tensor4D {
  return groupNorm(x, params[`${module}.weight`], params[`${module}.bias`], { groups: 32, epsilon });
}
