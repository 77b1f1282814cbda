import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { type FeatureNetwork, visitStages } from "./features.ts";
import type { Shapes } from "./layout.ts";

/** Of ImageNet's images in [0, 1]. */
const MEAN = [0.485, 0.456, 0.406], DEVIATION = [0.229, 0.224, 0.225];
/** Keeps both terms defined where maps are constant. */
const C = 1e-6;

/** Shapes of DISTS's weights of texture (`alpha`) and structure (`beta`): the image's channels, then every stage's. */
export function distsWeightShapes(network: FeatureNetwork): Shapes {
  const channels = network.channels.reduce((sum, channels) => sum + channels, 3);
  return { alpha: [1, channels, 1, 1], beta: [1, channels, 1, 1] };
}

/**
 * Compare the texture and structure of images, DISTS (Ding, Ma, Wang and Simoncelli 2022), stage by stage: the weighted
 * similarities of the images themselves and of every stage. DISTS is one minus their sum.
 *
 * Nothing is resized; the authors' demonstration first resizes the shorter side to 256.
 *
 * @param network VGG16 with {@linkcode l2Pool}.
 * @param params Of the network, `alpha` and `beta`.
 * @param sr Results in [-1, 1]. `[B, H, W, 3]`
 * @param hr Truths in [-1, 1]. `[B, H, W, 3]`
 * @returns Texture and structure of every stage and sample. `[1 + stages, 2, B]`
 */
export function distsStages(network: FeatureNetwork, params: Params, sr: tf.Tensor4D, hr: tf.Tensor4D): tf.Tensor3D {
  return tf.tidy(() => {
    const images = tf.concat([sr, hr]).add(1).mul<tf.Tensor4D>(0.5);
    const both = images.sub(tf.tensor1d(MEAN)).div<tf.Tensor4D>(tf.tensor1d(DEVIATION));
    const total = params.alpha.sum().add(params.beta.sum());
    const [alpha, beta] = [params.alpha, params.beta].map((weights) =>
      tf.split(weights.reshape([-1]).div(total), [3, ...network.channels])
    );
    const later = visitStages(
      network.stages(params),
      both,
      (maps, stage) => similarities(maps, alpha[stage + 1], beta[stage + 1]),
    );
    return tf.stack([similarities(images, alpha[0], beta[0]), ...later]) as tf.Tensor3D;
  });
}

/**
 * Measure the distance of structure and texture, DISTS (Ding et al. 2022). Lower is better; 0 for equal images;
 * symmetric.
 *
 * @param network VGG16 with {@linkcode l2Pool}.
 * @param params Of the network, `alpha` and `beta`.
 * @param sr Results in [-1, 1]. `[B, H, W, 3]`
 * @param hr Truths in [-1, 1]. `[B, H, W, 3]`
 * @returns One distance per sample. `[B]`
 */
export function dists(network: FeatureNetwork, params: Params, sr: tf.Tensor4D, hr: tf.Tensor4D): tf.Tensor1D {
  return tf.tidy(() => tf.sub(1, distsStages(network, params, sr, hr).sum([0, 1])) as tf.Tensor1D);
}

/** Weighted similarities of the means and of the covariances of two halves of a batch. `[2, B]` */
function similarities(maps: tf.Tensor4D, alpha: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const [a, b] = tf.split(maps, 2);
  const [meanA, meanB] = [a, b].map(overSpace);
  const [restA, restB] = [a.sub(meanA), b.sub(meanB)]; // E[xy] - E[x] E[y] would cancel in float32
  const texture = meanA.mul(meanB).mul(2).add(C).div(meanA.square().add(meanB.square()).add(C));
  const variances = overSpace(restA.square()).add(overSpace(restB.square()));
  const structure = overSpace(restA.mul(restB)).mul(2).add(C).div(variances.add(C));
  return tf.stack([texture.mul(alpha).sum([1, 2, 3]), structure.mul(beta).sum([1, 2, 3])]);
}

/** Axis by axis, which keeps float32 sums of a million pixels exact to the last digits. `[B, 1, 1, C]` */
function overSpace(maps: tf.Tensor): tf.Tensor {
  return maps.mean(2, true).mean(1, true);
}
