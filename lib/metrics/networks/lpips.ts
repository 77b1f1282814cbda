import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { type FeatureNetwork, visitStages } from "./features.ts";
import type { Shapes } from "./layout.ts";

/** Of the images in [-1, 1]. LPIPS v0.0 skipped this. */
const SHIFT = [-0.030, -0.088, -0.188], SCALE = [0.458, 0.448, 0.450];

/** Shapes of LPIPS's linear heads, one a stage; torch calls them `lin0.model.1.weight`. */
export function lpipsHeadShapes(network: FeatureNetwork): Shapes {
  return Object.fromEntries(network.channels.map((channels, stage) => [headName(stage), [1, channels, 1, 1]]));
}

/**
 * Compare images by the unit-length features of a network, LPIPS v0.1 (Zhang, Isola, Efros, Shechtman and Wang 2018),
 * stage by stage; LPIPS is the sum.
 *
 * @param network Whose features are compared.
 * @param params Of the network and of the heads.
 * @param sr Results in [-1, 1]. `[B, H, W, 3]`
 * @param hr Truths in [-1, 1]. `[B, H, W, 3]`
 * @returns One distance per stage and sample. `[stages, B]`
 */
export function lpipsStages(network: FeatureNetwork, params: Params, sr: tf.Tensor4D, hr: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const both = tf.concat([sr, hr]).sub(tf.tensor1d(SHIFT)).div<tf.Tensor4D>(tf.tensor1d(SCALE));
    const distances = visitStages(network.stages(params), both, (maps, stage) => {
      const [a, b] = tf.split(maps.div(maps.square().sum(-1, true).sqrt().add(1e-10)), 2);
      const head = params[headName(stage)].reshape([-1]);
      return a.sub(b).square().mul(head).sum(-1).mean(2).mean(1); // [B]
    });
    return tf.stack(distances) as tf.Tensor2D;
  });
}

/**
 * Measure the perceptual distance LPIPS v0.1 (Zhang et al. 2018). Lower is better; 0 for equal images; symmetric.
 *
 * @param network Whose features are compared.
 * @param params Of the network and of the heads.
 * @param sr Results in [-1, 1]. `[B, H, W, 3]`
 * @param hr Truths in [-1, 1]. `[B, H, W, 3]`
 * @returns One distance per sample. `[B]`
 */
export function lpips(network: FeatureNetwork, params: Params, sr: tf.Tensor4D, hr: tf.Tensor4D): tf.Tensor1D {
  return tf.tidy(() => lpipsStages(network, params, sr, hr).sum<tf.Tensor1D>(0));
}

function headName(stage: number): string {
  return `lin${stage}.model.1.weight`;
}
