import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { pixelShuffle } from "../pixel_shuffle.ts";
import { type Restorer, SCALE } from "../restorer.ts";
import { convolutionShapes, convolve, prelu } from "./layers.ts";
import type { RestorerNetwork } from "./network.ts";

const WIDTH = 64;
/** Convolutions between the first and the last. */
const BODY = 32;
const OUTPUTS = 3 * SCALE ** 2;
/** Layers are numbered with their activations, so convolutions have even numbers. */
const LAST = 2 * (BODY + 1);

/**
 * Real-ESRGAN general (realesr-general-x4v3) and its twin that keeps noise: 34 convolutions at low resolution, then a
 * pixel shuffle, added to the nearest enlargement (Wang et al. 2021).
 *
 * Names are those of the published checkpoint (`body.0.weight`); a conversion from ncnn (`Conv_0.weight`,
 * `PRelu_1.slope`) is understood as well.
 */
export const realEsrganGeneral: RestorerNetwork = {
  title: "Real-ESRGAN general",
  shapes: Object.fromEntries([
    ...Array.from({ length: BODY + 1 }, (_, i) => [
      ...convolutionShapes(`body.${2 * i}`, i === 0 ? 3 : WIDTH, WIDTH, 3),
      [`body.${2 * i + 1}.weight`, [WIDTH]],
    ]).flat() as [string, readonly number[]][],
    ...convolutionShapes(`body.${LAST}`, WIDTH, OUTPUTS, 3),
  ]),
  rename: (name) => name.replace(/^Conv_(\d+)\./, "body.$1.").replace(/^PRelu_(\d+)\.slope$/, "body.$1.weight"),
  bind,
  context: BODY + 2,
  exactTiles: true,
  minSide: 1,
  source: "Real-ESRGAN, Wang et al. 2021; BSD-3-Clause",
};

function bind(params: Params): Restorer {
  return (lr) =>
    tf.tidy(() => {
      const input = lr.add<tf.Tensor4D>(1).div<tf.Tensor4D>(2); // [0, 1]
      let x = input;
      for (let layer = 0; layer < LAST; layer += 2) {
        x = prelu(convolve(params, `body.${layer}`, x), params[`body.${layer + 1}.weight`]);
      }
      const detail = pixelShuffle(convolve(params, `body.${LAST}`, x), SCALE);
      const [, height, width] = lr.shape;
      const nearest = tf.image.resizeNearestNeighbor(input, [SCALE * height, SCALE * width]);
      return detail.add(nearest).mul(2).sub(1);
    });
}
