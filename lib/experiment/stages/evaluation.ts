import { join } from "node:path";
import {
  decodeTensors,
  disposeParams,
  encodeTensors,
  readBytes,
  readJson,
  tensorScope,
  uploadParams,
  writeAtomic,
  writeJson,
} from "../../core/mod.ts";
import { batchOf } from "../../dataset/mod.ts";
import type { tf } from "../../engine/mod.ts";
import { drawNoise, euler, midpoint, mix, samplePosteriorMean, traceSampler } from "../../flow/mod.ts";
import { createRaster, quantise8, type Raster, tensorToRasters } from "../../image/mod.ts";
import type { RunEvent } from "../events.ts";
import { listen } from "../listen.ts";
import { measure, type Measured, metricColumns, truthOf } from "../measure.ts";
import { protocols } from "../../metrics/mod.ts";
import { perceptualInputs } from "../perceptual.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { AdapterOutput } from "./adversary.ts";
import type { RunContext } from "./context.ts";
import { SAMPLING_BATCH } from "./rollouts.ts";
import type { SftOutput } from "./sft.ts";

/** One way of sampling a field that becomes a point of the results. */
export interface Shot {
  readonly id: string;
  readonly solver: "euler" | "midpoint";
  readonly steps: number;
}

/** A mix of the first shot's samples with the posterior mean, a point of the results too. */
export interface MixShot {
  readonly id: string;
  /** Weight of the sample. */
  readonly weight: number;
}

/** What is sampled from one trained network. */
export interface EvaluationPlan {
  readonly label: string;
  readonly seed: number;
  readonly reference: StageResult<SftOutput>;
  /** The tuned part, on top of the reference; none evaluates the reference itself. */
  readonly adapter?: StageResult<AdapterOutput>;
  readonly shots: readonly Shot[];
  readonly mixes?: readonly MixShot[];
  /** One-step predictions averaged into the posterior mean of the mixes. */
  readonly posteriorDraws: number;
}

/** Id of the point of an arm: experiments that name the arm differently share its evaluation. */
export const ARM_POINT = "arm";

/** Measurements of one point at one seed. */
export interface EvaluatedPoint extends Measured {
  readonly id: string;
  /** Network evaluations an image. */
  readonly evaluations: number;
}

/** What an evaluation gives: its points, and the first crops of each for the strips, by id. */
export interface EvaluationOutput {
  readonly points: readonly EvaluatedPoint[];
  readonly samples: Readonly<Record<string, readonly Raster[]>>;
}

/**
 * Samples the test crops from one network in every way of the plan and measures them.
 *
 * The noise of a crop depends on (seed, crop) alone: every arm and control of a seed starts from the same.
 */
export function evaluationStage(
  context: RunContext,
  plan: EvaluationPlan,
): AsyncGenerator<RunEvent, StageResult<EvaluationOutput>> {
  const { label, seed, reference, adapter, shots, mixes = [], posteriorDraws } = plan;
  const { test, perceptual, settings: { evaluation: { stripCrops } } } = context;
  return runStage(context.store, {
    name: "evaluation",
    label,
    inputs: {
      test: context.testHash,
      protocol: protocols.paper,
      metrics: metricColumns(test.size, perceptual).map(({ name }) => name),
      ...perceptualInputs(perceptual),
      batch: SAMPLING_BATCH,
      reference: reference.hash,
      adapter: adapter?.hash ?? null,
      shots,
      mixes,
      posteriorDraws,
      stripCrops,
      seed,
    },
    async *compute(folder) {
      const truth = truthOf(test);
      const points: EvaluatedPoint[] = [];
      const strips: Record<string, Raster[]> = {};
      for await (const made of samplePoints(context, plan)) {
        if ("kind" in made) {
          yield made;
          continue;
        }
        points.push({ id: made.id, evaluations: made.evaluations, ...await measure(made.images, truth, context) });
        strips[made.id] = made.images.slice(0, stripCrops);
      }
      await writeAtomic(join(folder, "samples.safetensors"), encodeTensors(packRasters(strips)));
      await writeJson(join(folder, "points.json"), points);
    },
    async load(folder) {
      const path = join(folder, "samples.safetensors");
      return {
        points: await readJson(join(folder, "points.json")) as EvaluatedPoint[],
        samples: unpackRasters(decodeTensors(await readBytes(path), path).tensors),
      };
    },
  });
}

interface SampledPoint {
  readonly id: string;
  readonly evaluations: number;
  readonly images: Raster[];
}

async function* samplePoints(context: RunContext, plan: EvaluationPlan): AsyncGenerator<RunEvent | SampledPoint> {
  const { backbone, test, signal } = context;
  const { label, seed, reference, adapter, shots, mixes = [], posteriorDraws } = plan;
  using scope = tensorScope();
  const all = test.ids.map((_, i) => i);
  const { c } = scope.own(batchOf(test, all));
  const noise = (draw: number) => scope.own(drawNoise(seed, "test-noise", draw, all, [test.size, test.size, 3]));
  const base = uploadParams(reference.value.params);
  const tuned = adapter ? [{ ...adapter.value, params: uploadParams(adapter.value.params) }] : [];
  try {
    const field = backbone.velocity(base, tuned);
    using eulerSampler = traceSampler(field, euler);
    using midpointSampler = traceSampler(field, midpoint);
    const x0 = noise(0);
    let first: tf.Tensor4D | undefined;
    for (const { id, solver, steps } of shots) {
      const sampler = solver === "euler" ? eulerSampler : midpointSampler;
      const x1 = scope.own(
        yield* listen(
          `${label}: ${id}`,
          (onStep) => sampler.sample({ x0, c, steps, batchSize: SAMPLING_BATCH, signal, onStep }),
        ),
      );
      first ??= x1;
      yield { id, evaluations: solver === "euler" ? steps : 2 * steps, images: tensorToRasters(x1).map(quantise8) };
    }
    if (!mixes.length || !first) return;
    const draws = Array.from({ length: posteriorDraws }, (_, k) => noise(k + 1));
    const mean = scope.own(
      yield* listen(
        `${label}: posterior mean`,
        (onStep) => samplePosteriorMean(eulerSampler, draws, { c, batchSize: SAMPLING_BATCH, signal, onStep }),
      ),
    );
    for (const { id, weight } of mixes) {
      const mixed = scope.own(mix(first, mean, weight));
      yield { id, evaluations: shots[0].steps + posteriorDraws, images: tensorToRasters(mixed).map(quantise8) };
    }
  } finally {
    disposeParams(base);
    for (const { params } of tuned) disposeParams(params);
  }
}

function packRasters(strips: Readonly<Record<string, readonly Raster[]>>) {
  return Object.fromEntries(
    Object.entries(strips).flatMap(([id, images]) =>
      images.map(({ width, height, data }, i) => [`${id}/${i}`, { shape: [height, width, 3], data }])
    ),
  );
}

function unpackRasters(tensors: ReturnType<typeof decodeTensors>["tensors"]): Record<string, Raster[]> {
  const strips: Record<string, Raster[]> = {};
  for (const [name, { shape: [height, width], data }] of Object.entries(tensors)) {
    const slash = name.lastIndexOf("/");
    (strips[name.slice(0, slash)] ??= [])[Number(name.slice(slash + 1))] = createRaster(
      { width, height },
      3,
      data as Float32Array,
    );
  }
  return strips;
}
