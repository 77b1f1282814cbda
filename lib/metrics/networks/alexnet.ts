import { conv2d } from "../../nn/mod.ts";
import { tf } from "../../engine/mod.ts";
import type { FeatureNetwork } from "./features.ts";
import { convShapes, joinShapes } from "./layout.ts";

/** Convolutions: place among torchvision's `features`, side of the kernel, stride, zeros, whether a pool comes first. */
const LAYERS = [
  { place: 0, kernel: 11, stride: 4, padding: 2, pooled: false },
  { place: 3, kernel: 5, stride: 1, padding: 2, pooled: true },
  { place: 6, kernel: 3, stride: 1, padding: 1, pooled: true },
  { place: 8, kernel: 3, stride: 1, padding: 1, pooled: false },
  { place: 10, kernel: 3, stride: 1, padding: 1, pooled: false },
] as const;

/** Channels of AlexNet's five stages. */
const CHANNELS: readonly number[] = [64, 192, 384, 256, 256];

/**
 * AlexNet's convolutions (Krizhevsky 2014, "one weird trick"), a stage each, after the ReLU.
 *
 * @param channels Of the stages, the official ones by default.
 */
export function alexnet(channels: readonly number[] = CHANNELS): FeatureNetwork {
  return {
    channels,
    shapes: joinShapes(
      LAYERS.map(({ place, kernel }, stage) =>
        convShapes(`features.${place}`, stage === 0 ? 3 : channels[stage - 1], channels[stage], kernel)
      ),
    ),
    stages: (params) =>
      LAYERS.map(({ place, stride, padding, pooled }) => (x) => {
        const maps = pooled ? tf.maxPool(x, 3, 2, "valid") : x;
        return conv2d(params, `features.${place}`, maps, { stride, padding, activation: "relu" });
      }),
  };
}
