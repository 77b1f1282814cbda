import { tf } from "../../engine/mod.ts";
import { conv2d } from "../../nn/mod.ts";
import type { FeatureNetwork } from "./features.ts";
import { convShapes, joinShapes } from "./layout.ts";

/** Places of the convolutions of a stage among torchvision's `features`. */
const CONVOLUTIONS = [[0, 2], [5, 7], [10, 12, 14], [17, 19, 21], [24, 26, 28]] as const;

/** Channels of VGG16's five stages. */
const CHANNELS: readonly number[] = [64, 128, 256, 512, 512];

/**
 * VGG16 (Simonyan and Zisserman 2015) up to relu5_3, in five stages; every stage but the first begins with a pool.
 *
 * @param pool Between the stages: the largest of 2 x 2, or DISTS's {@linkcode l2Pool}.
 * @param channels Of the stages, the official ones by default.
 */
export function vgg16(
  pool: (x: tf.Tensor4D) => tf.Tensor4D = (x) => tf.maxPool(x, 2, 2, "valid"),
  channels: readonly number[] = CHANNELS,
): FeatureNetwork {
  return {
    channels,
    shapes: joinShapes(CONVOLUTIONS.flatMap((places, stage) =>
      places.map((place, nth) => {
        const from = nth > 0 ? channels[stage] : stage > 0 ? channels[stage - 1] : 3;
        return convShapes(`features.${place}`, from, channels[stage], 3);
      })
    )),
    stages: (params) =>
      CONVOLUTIONS.map((places, stage) => (x) => {
        let maps = stage === 0 ? x : pool(x);
        for (const place of places) {
          const next = conv2d(params, `features.${place}`, maps, { padding: "same", activation: "relu" });
          if (maps !== x) maps.dispose();
          maps = next;
        }
        return maps;
      }),
  };
}

/**
 * Pool the root of the mean square under a Hann window, one in two (Henaff and Simoncelli 2016; DISTS).
 *
 * @param x Feature maps. `[B, H, W, C]`
 * @returns Feature maps, their sides halved and rounded up. `[B, ceil(H / 2), ceil(W / 2), C]`
 */
export function l2Pool(x: tf.Tensor4D): tf.Tensor4D {
  const axis = [0.25, 0.5, 0.25];
  const window = tf.tensor4d(axis.flatMap((a) => axis.map((b) => a * b)), [3, 3, 1, 1]).tile([1, 1, x.shape[3], 1]);
  const padded = tf.pad(x.square(), [[0, 0], [1, 1], [1, 1], [0, 0]]);
  return tf.depthwiseConv2d(padded, window as tf.Tensor4D, 2, "valid").add<tf.Tensor4D>(1e-12).sqrt();
}
