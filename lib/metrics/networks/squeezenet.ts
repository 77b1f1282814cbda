import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { conv2d } from "../../nn/mod.ts";
import { type FeatureNetwork, maxPool3 } from "./features.ts";
import { convShapes, joinShapes, type Shapes } from "./layout.ts";

/** Fire modules of a stage: place among torchvision's `features`, and channels between. A pool comes first, or not. */
const STAGES = [
  { pooled: true, fires: [[3, 16], [4, 16]] },
  { pooled: true, fires: [[6, 32], [7, 32]] },
  { pooled: true, fires: [[9, 48]] },
  { pooled: false, fires: [[10, 48]] },
  { pooled: false, fires: [[11, 64]] },
  { pooled: false, fires: [[12, 64]] },
] as const;

const CHANNELS = [64, 128, 256, 384, 384, 512, 512] as const;

/** SqueezeNet 1.1 (Iandola et al. 2016) in the seven stages that LPIPS compares. */
export const squeezenet: FeatureNetwork = {
  channels: CHANNELS,
  shapes: joinShapes([
    convShapes("features.0", 3, CHANNELS[0], 3),
    ...STAGES.flatMap(({ fires }, stage) =>
      fires.map(([place, narrow], nth) =>
        fireShapes(`features.${place}`, CHANNELS[nth > 0 ? stage + 1 : stage], narrow, CHANNELS[stage + 1])
      )
    ),
  ]),
  stages: (params) => [
    (x) => conv2d(params, "features.0", x, { stride: 2, activation: "relu" }),
    ...STAGES.map(({ pooled, fires }) => (x: tf.Tensor4D) =>
      fires.reduce((maps, [place]) => fire(params, `features.${place}`, maps), pooled ? maxPool3(x, "ceil") : x)
    ),
  ],
};

function fireShapes(module: string, from: number, narrow: number, to: number): Shapes {
  return joinShapes([
    convShapes(`${module}.squeeze`, from, narrow, 1),
    convShapes(`${module}.expand1x1`, narrow, to / 2, 1),
    convShapes(`${module}.expand3x3`, narrow, to / 2, 3),
  ]);
}

function fire(params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  const squeezed = conv2d(params, `${module}.squeeze`, x, { activation: "relu" });
  return tf.concat([
    conv2d(params, `${module}.expand1x1`, squeezed, { activation: "relu" }),
    conv2d(params, `${module}.expand3x3`, squeezed, { padding: "same", activation: "relu" }),
  ], 3);
}
