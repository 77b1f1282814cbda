import type { Params } from "../core/mod.ts";
import type { Network } from "../backbones/mod.ts";
import type { Codec } from "./codec.ts";
import type { ProbabilityPath } from "./path.ts";
import type { Solver } from "./solvers.ts";

/** Everything that restoring an image or training a restorer needs of a model; disposing it frees its weights. */
export interface RestorationModel extends Disposable {
  /** Short name with its sizes. */
  readonly name: string;
  /** The network; one whose weights are streamed gives fields that have to be awaited, see `isAwaited`. */
  readonly backbone: Network;
  /** Its frozen weights; none where they are streamed. */
  readonly params: Params;
  /** Between images and the space that the network works in. */
  readonly codec: Codec;
  /** What the network was trained on, and what it predicts. */
  readonly path: ProbabilityPath;
  /** Takes a step from noise to image with what the network predicts. */
  readonly solver: Solver;
  /**
   * Place the steps of a sampling.
   *
   * @param steps A positive integer.
   * @param height Of the result in pixels: FLUX shifts its times with the size.
   * @param width Of the result in pixels.
   * @returns Rising times that end with 1, one more than steps.
   */
  times(steps: number, height: number, width: number): number[];
}
