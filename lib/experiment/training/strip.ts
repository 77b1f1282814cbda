import { tensorScope } from "../../core/mod.ts";
import { batchOf, type TrainingPairs } from "../../dataset/mod.ts";
import { tf, trace } from "../../engine/mod.ts";
import { drawNoise, type RestorationModel, sample } from "../../flow/mod.ts";
import type { VelocityField } from "../../backbones/mod.ts";
import { composeGrid, type Raster, tensorToRasters, writePng } from "../../image/mod.ts";

/** Pixels of a cell that leave room for its label. */
const LEAST_CELL = 128;

/** Crops that are shown while a network trains. */
export interface ShownCrops {
  /** In the space of the network. */
  readonly pairs: TrainingPairs;
  /** What the networks see, as pixels. */
  readonly conditions: readonly Raster[];
  /** Truths, as pixels. */
  readonly truths: readonly Raster[];
}

/**
 * Sample crops and write a strip of them: condition, sample, truth.
 *
 * @param field What is trained so far.
 * @param steps Solver steps.
 */
export async function writeSampleStrip(
  path: string,
  model: RestorationModel,
  field: VelocityField,
  { pairs, conditions, truths }: ShownCrops,
  { steps, seed }: { readonly steps: number; readonly seed: number },
): Promise<void> {
  using scope = tensorScope();
  const side = pairs.size * model.codec.factor;
  const shown = conditions.map((_, i) => i);
  const { c } = scope.own(batchOf(pairs, shown));
  const x0 = scope.own(drawNoise(seed, "progress-strip", 0, shown, [pairs.size, pairs.size, model.codec.channels]));
  const times = model.times(steps, side, side);
  const latents = scope.own(await sample({ field, solver: model.solver, x0, c, times, batchSize: 1 }));
  const restored = await decodeEach(model, latents);
  const labels = { rows: ["bicubic", `${steps} steps`, "truth"] };
  await writePng(
    path,
    await composeGrid([conditions, restored, truths].map((row) => [...row]), {
      labels,
      zoom: Math.ceil(LEAST_CELL / side),
    }),
  );
}

/** Decodes images one at a time and traced, as an autoencoder takes more memory than all else here. */
async function decodeEach({ codec }: RestorationModel, latents: tf.Tensor4D): Promise<Raster[]> {
  using scope = tensorScope();
  const decode = trace((z: tf.Tensor4D): tf.Tensor4D => codec.decode(z), { name: "decode" });
  try {
    const rasters: Raster[] = [];
    for (const z of scope.own(tf.split(latents, latents.shape[0]) as tf.Tensor4D[])) {
      rasters.push(...tensorToRasters(scope.own(await decode(z))));
    }
    return rasters;
  } finally {
    decode.dispose();
  }
}
