import { tf } from "../engine/mod.ts";
import { tensorScope } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { checkTimes } from "./sampler.ts";
import { solverStep } from "./solver_step.ts";
import { euler, type Solver } from "./solvers.ts";
import { type HostImage, mapTiles, type TileMap } from "./tile_map.ts";

/** What to sample; see {@linkcode TileMap} for the rest. */
export interface TiledSampleRequest extends Pick<TileMap, "grid" | "batchSize" | "signal" | "onTiles"> {
  /** Noise. `[H, W, C]` */
  readonly x0: HostImage;
  /** Condition; its sides may be smaller by a common factor. `[H', W', D]` */
  readonly c: HostImage;
  /** Rising times that the steps begin and end at; the last is 1. */
  readonly times: readonly number[];
}

/** A traced solver step for images of any size. */
export interface TiledSampler extends Disposable {
  /**
   * Sample one image.
   *
   * @returns The state at t = 1, not clipped. `[H, W, C]`
   * @throws {RangeError} If shapes or times do not fit.
   * @throws {StoppedError} If the signal was raised.
   */
  sample(request: TiledSampleRequest): Promise<HostImage>;
}

/**
 * Trace a solver step for images that are larger than what a network takes or was trained on.
 *
 * At every step all tiles of the whole state take the step and are mixed before the next one (MultiDiffusion, Bar-Tal et
 * al. 2023), so that neighbours agree on what they share all the way from the noise. Solvers that evaluate the field once
 * (`euler`, `ddim`, `eulerDiscrete`) are linear in its value: mixing the steps is mixing the velocities. An image of one
 * tile is sampled as by `traceSampler`.
 *
 * The parameters behind the field must live until the sampler is disposed.
 *
 * @param field Velocity to follow.
 * @param solver As in `traceSampler`.
 */
export function traceTiledSampler(field: VelocityField, solver: Solver = euler): TiledSampler {
  const step = solverStep(field, solver);
  return {
    async sample({ x0, c, times, ...tiling }) {
      checkTimes(times, times.length - 1);
      let x = { ...x0, data: x0.data.slice() }, next = { ...x0, data: new Float32Array(x0.data.length) };
      for (let k = 0; k + 1 < times.length; k++) {
        using scalars = tensorScope();
        const t = scalars.own(tf.scalar(times[k])), dt = scalars.own(tf.scalar(times[k + 1] - times[k]));
        await mapTiles({
          ...tiling,
          inputs: [x, c],
          into: next,
          apply: ([tiles, seen]) => step.take(tiles, t, dt, seen),
        });
        [x, next] = [next, x];
      }
      return x;
    },
    [Symbol.dispose]: () => step[Symbol.dispose](),
  };
}
