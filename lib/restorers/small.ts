import { tf } from "../engine/mod.ts";
import { type Params, rng } from "../core/mod.ts";
import { conv3x3 } from "../nn/mod.ts";
import { pixelShuffle } from "./pixel_shuffle.ts";
import { type Restorer, SCALE } from "./restorer.ts";

/** Residual blocks of two convolutions; with the first and the last there are eight. */
const BLOCKS = 3;

/** Values of the pixels that one low-resolution pixel becomes. */
const OUTPUTS = 3 * SCALE ** 2;

/**
 * Draw first parameters of the small restorer.
 *
 * @param width Feature channels.
 * @param seed The same seed gives the same values.
 * @returns Parameters that belong to the caller; with them the network enlarges each pixel to a square.
 */
export function initSmallRestorer(width: number, seed: number): Params {
  const random = rng(seed, "small-restorer/init");
  const params: Record<string, tf.Tensor> = {};
  for (const [module, from, to] of convolutions(width)) {
    const bound = module === "tail" ? 0 : Math.sqrt(1 / (9 * from)); // PyTorch's default, but for the last
    const weight = random.uniforms(to * from * 9).map((u) => (2 * u - 1) * bound);
    params[`${module}.weight`] = tf.tensor4d(weight, [to, from, 3, 3]);
    params[`${module}.bias`] = tf.zeros([to]);
  }
  return params;
}

/**
 * Bind parameters to the small restorer: eight convolutions at low resolution, then a pixel shuffle (a small EDSR, Lim
 * et al. 2017), added to the image enlarged by its nearest pixels.
 */
export function smallRestorer(params: Params): Restorer {
  return (lr) =>
    tf.tidy(() => {
      const head = conv3x3(params, "head", lr);
      let x = head;
      for (let block = 0; block < BLOCKS; block++) {
        const inner = conv3x3(params, `body.${block}.0`, x).relu<tf.Tensor4D>();
        x = x.add(conv3x3(params, `body.${block}.1`, inner));
      }
      const detail = conv3x3(params, "tail", x.add(head));
      return pixelShuffle(detail.add(repeatPixels(lr)), SCALE);
    });
}

/** Name, input and output channels of every convolution. */
function convolutions(width: number): (readonly [module: string, from: number, to: number])[] {
  const body = Array.from({ length: 2 * BLOCKS }, (_, k) => [`body.${k >> 1}.${k % 2}`, width, width] as const);
  return [["head", 3, width], ...body, ["tail", width, OUTPUTS]];
}

/** Each colour of a pixel as often as the pixel shuffle asks for it. `[B, H, W, 3] -> [B, H, W, 48]` */
function repeatPixels(lr: tf.Tensor4D): tf.Tensor4D {
  const [B, H, W, C] = lr.shape;
  return lr.reshape([B * H, W, C, 1]).tile([1, 1, 1, SCALE ** 2]).reshape([B, H, W, OUTPUTS]);
}
