import { tf } from "../engine/mod.ts";
import { rng } from "../core/mod.ts";
import { batchOf, type Flip, type TrainingPairs, truthShape } from "../dataset/mod.ts";
import { drawImages, type DrawKey, itemsOf } from "./draws.ts";
import { drawNoise } from "./noise.ts";
import { drawTimes, type TimeLaw } from "./times.ts";

/** What a flow-matching step needs, every tensor with the batch first. */
export type FlowBatch = {
  /** Noise. `[B, H, W, C]` */
  readonly x0: tf.Tensor4D;
  /** Images in [-1, 1], or latents. `[B, H, W, C]` */
  readonly x1: tf.Tensor4D;
  /** Times. `[B]` */
  readonly t: tf.Tensor1D;
  /** Conditions: the upsampled LR images, or their latents. `[B, H, W, C]` */
  readonly c: tf.Tensor4D;
};

/** How a flow batch is drawn. */
export interface FlowBatchOptions {
  /** Distribution of the times. */
  readonly times: TimeLaw;
  /** Flip each pair horizontally and vertically, each with probability 1/2. */
  readonly flips: boolean;
  /** Images to draw from, as indices into the set. */
  readonly images: readonly number[];
}

/** Draw a batch for flow matching: images, flips, noise and times, all keyed by step and item. */
export function drawFlowBatch(pairs: TrainingPairs, key: DrawKey, options: FlowBatchOptions): FlowBatch {
  const { seed, purpose, step } = key;
  const items = itemsOf(key);
  const flips = options.flips ? items.map((item) => drawFlip(key, item)) : undefined;
  const { x1, c } = batchOf(pairs, drawImages(key, options.images), { flips });
  const x0 = drawNoise(seed, `${purpose}/noise`, step, items, truthShape(pairs));
  const t = tf.tensor1d(drawTimes(seed, `${purpose}/time`, step, items, options.times));
  return { x0, x1, t, c };
}

function drawFlip({ seed, purpose, step }: DrawKey, item: number): Flip {
  const random = rng(seed, `${purpose}/flip`, step, item);
  return { horizontal: random.bool(0.5), vertical: random.bool(0.5) };
}
