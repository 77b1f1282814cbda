import { join } from "node:path";
import {
  artifactNegatives,
  type ArtifactSet,
  type RolloutBank,
  rolloutNegatives,
  type StoredNegatives,
  trainAdversary,
} from "../../adversary/mod.ts";
import { disposeParams, type HostTensor, rng, uploadParams } from "../../core/mod.ts";
import { adapterOn, chooseImages } from "../../flow/mod.ts";
import type { PairSet } from "../../dataset/mod.ts";
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

/** What an adversary learns to imitate. */
export interface AdversarySource {
  /** Stage or files that it comes from. */
  readonly hash: string;
  /** What the targets are over. */
  readonly pairs: PairSet;
  /** One of them an image and step. */
  readonly targets: StoredNegatives;
  /** For the progress line: empty for artifacts. */
  readonly label: string;
  /** What else decides the targets. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A random part of the artifacts (Sec. 4.1), and all that came as files. */
export function artifactTargets({ settings }: RunContext, seed: number, artifacts: ArtifactOutput): AdversarySource {
  const { fraction } = settings.artifacts;
  return {
    hash: artifacts.hash,
    pairs: artifacts.pairs,
    targets: artifactNegatives([...randomPart(artifacts.sampled, fraction, seed), ...artifacts.whole]),
    label: "",
    inputs: { fraction },
  };
}

/** The reference's own samples: the adversary's state lies on the path of the noise that each was sampled from. */
export function rolloutTargets({ train }: RunContext, { hash, value }: StageResult<RolloutBank>): AdversarySource {
  return {
    hash,
    pairs: train,
    targets: rolloutNegatives(value, "own"),
    label: ` on rollouts of ${value.steps} steps`,
    inputs: { noise: "own" },
  };
}

/** Trains the adversary of one rank. */
export function adversaryStage(
  context: RunContext,
  seed: number,
  rank: number,
  reference: StageResult<SftOutput>,
  source: AdversarySource,
): AsyncGenerator<RunEvent, StageResult<AdapterOutput>> {
  const { settings, backbone, signal } = context;
  const { adversary: options } = settings;
  const label = `adversary of rank ${rank}${source.label}, seed ${seed}`;
  // As in the paper's table of ranks, alpha follows the rank: the update keeps its scale.
  const scale = { rank, alpha: rank * settings.lora.alpha / settings.lora.rank };
  return runStage(context.store, {
    name: "adversary",
    label,
    inputs: { reference: reference.hash, targets: source.hash, ...source.inputs, options, scale, seed },
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
              pairs: source.pairs,
              targets: source.targets,
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
