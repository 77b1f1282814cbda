import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import type { Shapes } from "./layout.ts";

/** One stage of a network that classifies images: from the maps of the stage before to its own, after the ReLU. */
export type FeatureStage = (x: tf.Tensor4D) => tf.Tensor4D;

/** A network whose stages are compared by a metric. */
export interface FeatureNetwork {
  /** Channels of the maps after every stage. */
  readonly channels: readonly number[];
  /** Shape of every parameter, named as torchvision does (`features.N.weight`). */
  readonly shapes: Shapes;
  /** The stages with their parameters. */
  stages(params: Params): readonly FeatureStage[];
}

/**
 * Visit the maps of every stage, each freed when the next is made: at most two are in memory.
 *
 * @param x Images, kept. `[B, H, W, 3]`
 * @param visit What to keep of a stage.
 * @returns What `visit` returned, stage by stage.
 */
export function visitStages(
  stages: readonly FeatureStage[],
  x: tf.Tensor4D,
  visit: (maps: tf.Tensor4D, stage: number) => tf.Tensor,
): tf.Tensor[] {
  let maps = x;
  const kept = stages.map((stage, index) => {
    const next = tf.tidy(() => stage(maps));
    if (maps !== x) maps.dispose();
    maps = next;
    return tf.tidy(() => visit(maps, index));
  });
  if (maps !== x) maps.dispose();
  return kept;
}
