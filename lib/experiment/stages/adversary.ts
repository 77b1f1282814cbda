import { join } from "node:path";
import { artifactNegatives, type ArtifactSet, trainAdversary } from "../../adversary/mod.ts";
import { disposeParams, type HostTensor, rng, uploadParams } from "../../core/mod.ts";
import { adapterOn, chooseImages } from "../../flow/mod.ts";
import { createLora } from "../../nn/mod.ts";
import type { CurveData } from "../curves.ts";
import type { RunEvent } from "../events.ts";
import { optimizerOf } from "../optimizer.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { ArtifactOutput } from "./artifact_output.ts";
import type { RunContext } from "./context.ts";
import type { SftOutput } from "./sft.ts";
import { readCurve, readParams, trainInFolder } from "./training.ts";

/** A trained adapter: an adversary or the tuned part of an arm. */
export interface AdapterOutput {
  readonly params: Record<string, HostTensor>;
  readonly rank: number;
  readonly alpha: number;
  readonly curve: CurveData;
}

/** Trains the adversary of one rank on a random part of the artifacts (Sec. 4.1), and on all that came as files. */
export function adversaryStage(
  context: RunContext,
  seed: number,
  rank: number,
  reference: StageResult<SftOutput>,
  artifacts: ArtifactOutput,
): AsyncGenerator<RunEvent, StageResult<AdapterOutput>> {
  const { settings, backbone, signal } = context;
  const { adversary: options, artifacts: { fraction } } = settings;
  const label = `adversary of rank ${rank}, seed ${seed}`;
  // As in the paper's table of ranks, alpha follows the rank: the update keeps its scale.
  const scale = { rank, alpha: rank * settings.lora.alpha / settings.lora.rank };
  return runStage(context.store, {
    name: "adversary",
    label,
    inputs: { reference: reference.hash, artifacts: artifacts.hash, options, fraction, scale, seed },
    async *compute(folder) {
      const base = uploadParams(reference.value.params);
      try {
        yield* trainInFolder({
          folder,
          label,
          steps: options.steps,
          checkpointSeconds: context.checkpointSeconds,
          init: () => createLora(backbone.targets, { ...scale, rng: rng(seed, "adversary-lora", rank) }).params,
          start: (state) =>
            trainAdversary({
              family: adapterOn(backbone, base, scale),
              state,
              optimizer: optimizerOf(options),
              pairs: artifacts.pairs,
              targets: artifactNegatives([...randomPart(artifacts.sampled, fraction, seed), ...artifacts.whole]),
              seed,
              steps: options.steps,
              batchSize: options.batchSize,
              accumulation: options.accumulation,
              signal,
            }),
        });
      } finally {
        disposeParams(base);
      }
    },
    load: (folder) => loadAdapter(folder, scale),
  });
}

/** Reads a trained adapter and its curve. */
export async function loadAdapter(folder: string, scale: { rank: number; alpha: number }): Promise<AdapterOutput> {
  return {
    ...scale,
    params: await readParams(join(folder, "params.safetensors")),
    curve: await readCurve(folder),
  };
}

/** The same random part of the images of every source. */
function randomPart(sets: readonly ArtifactSet[], fraction: number, seed: number): ArtifactSet[] {
  return sets.map((set) => {
    const wanted = Math.max(1, Math.round(fraction * set.images.length));
    const rows = chooseImages(seed, "adversary", set.images.length, wanted);
    const values = set.size * set.size * 3;
    const pixels = new Float32Array(rows.length * values);
    rows.forEach((row, i) => pixels.set(set.pixels.subarray(row * values, (row + 1) * values), i * values));
    return { ...set, images: rows.map((row) => set.images[row]), pixels };
  });
}
