import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { pixelShuffle } from "../pixel_shuffle.ts";
import { type Restorer, SCALE } from "../restorer.ts";
import { convolutionShapes, convolve, spatialAttention } from "./layers.ts";
import type { RestorerNetwork } from "./network.ts";

const WIDTH = 46, INNER = 48, ATTENTION = 16;
const BLOCKS = ["B1", "B2", "B3", "B4"] as const;
const SLOPE = 0.05;

/**
 * RLFN, the residual local feature network that won the NTIRE 2022 efficiency challenge (Kong et al. 2022), in the cut
 * form of that challenge; trained for fidelity. It works on values from 0 to 255.
 */
export const rlfn: RestorerNetwork = {
  title: "RLFN",
  shapes: Object.fromEntries([
    ...convolutionShapes("fea_conv", 3, WIDTH, 3),
    ...BLOCKS.flatMap(blockShapes),
    ...convolutionShapes("LR_conv", WIDTH, WIDTH, 3),
    ...convolutionShapes("upsampler.0", WIDTH, 3 * SCALE ** 2, 3),
  ]),
  rename: (name) => name,
  bind,
  context: 32,
  exactTiles: false,
  minSide: 15,
  source: "RLFN, Kong et al. 2022, of the NTIRE 2022 challenge; MIT",
};

function bind(params: Params): Restorer {
  return (lr) =>
    tf.tidy(() => {
      const features = convolve(params, "fea_conv", lr.add<tf.Tensor4D>(1).mul(127.5));
      const body = BLOCKS.reduce((x, module) => block(params, module, x), features);
      const joined = convolve(params, "LR_conv", body).add<tf.Tensor4D>(features);
      return pixelShuffle(convolve(params, "upsampler.0", joined), SCALE).div(127.5).sub(1);
    });
}

function block(params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  const inner = ["c1_r", "c2_r", "c3_r"].reduce(
    (features, name) => tf.leakyRelu(convolve(params, `${module}.${name}`, features), SLOPE),
    x,
  );
  const mixed = convolve(params, `${module}.c5`, inner.add(x));
  return spatialAttention(params, { module: `${module}.esa`, inner: ["conv3"] }, mixed);
}

function blockShapes(module: string): [string, readonly number[]][] {
  const at = (name: string) => `${module}.esa.${name}`;
  return [
    ...convolutionShapes(`${module}.c1_r`, WIDTH, INNER, 3),
    ...convolutionShapes(`${module}.c2_r`, INNER, INNER, 3),
    ...convolutionShapes(`${module}.c3_r`, INNER, WIDTH, 3),
    ...convolutionShapes(`${module}.c5`, WIDTH, WIDTH, 1),
    ...convolutionShapes(at("conv1"), WIDTH, ATTENTION, 1),
    ...convolutionShapes(at("conv_f"), ATTENTION, ATTENTION, 1),
    ...convolutionShapes(at("conv2"), ATTENTION, ATTENTION, 3),
    ...convolutionShapes(at("conv3"), ATTENTION, ATTENTION, 3),
    ...convolutionShapes(at("conv4"), ATTENTION, WIDTH, 1),
  ];
}
