import { contentHash } from "../../core/mod.ts";
import { protocols } from "../../metrics/mod.ts";
import { type Arm, rolloutStepsOf } from "../arms.ts";
import { metricColumns } from "../measure.ts";
import { needs } from "../needs.ts";
import { perceptualInputs } from "../perceptual.ts";
import type { Settings } from "../schema/mod.ts";
import { sourcesOf } from "../sources.ts";
import { CODE_VERSION } from "../stage.ts";
import type { RunContext } from "../stages/context.ts";

/** What decides a cell, and its hash. */
export interface CellInputs {
  readonly key: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What artifacts come from beside the settings: hashes of files and of published networks' outputs. */
export interface ForeignArtifacts {
  readonly given: string | null;
  readonly restored: readonly string[];
}

/**
 * Gathers what decides a cell: code version, data, seed, and of the settings those sections alone that the arm uses.
 *
 * The engine, its threads and the machine are not among them: they decide the last bits, and the cell names them.
 *
 * @param arm The arm; none for the reference and its controls.
 */
export function cellInputs(
  { settings, trainHash, testHash, test, perceptual }: RunContext,
  seed: number,
  arm: Arm | undefined,
  foreign: ForeignArtifacts,
): CellInputs {
  const { steps, frontierSteps, midpointSteps, mixes, armMixes, posteriorDraws } = settings.evaluation;
  const mixed = armMixes.length > 0 ? { armMixes, posteriorDraws } : {};
  const measured = {
    test: testHash,
    protocol: protocols.paper,
    metrics: metricColumns(test.size, perceptual).map(({ name }) => name),
    ...perceptualInputs(perceptual),
    sampling: arm ? { steps, ...mixed } : { steps, frontierSteps, midpointSteps, mixes, posteriorDraws },
  };
  const { backbone, sft } = settings;
  const inputs = {
    code: CODE_VERSION,
    seed,
    train: trainHash,
    backbone,
    sft,
    ...measured,
    ...(arm ? armInputs(arm, settings, foreign) : {}),
  };
  return { key: contentHash(inputs), inputs };
}

function armInputs(arm: Arm, settings: Settings, foreign: ForeignArtifacts): Record<string, unknown> {
  const { label: _label, description: _description, ...method } = arm;
  const { alignment, lora, artifacts, evaluation: { posteriorDraws } } = settings;
  const adversarial = arm.method === "preference" && arm.negatives === "adversary";
  const steps = rolloutStepsOf(arm, settings.rollouts.steps);
  return {
    method,
    alignment,
    lora,
    ...(needs({ arm }, { artifacts }).artifacts ? { artifacts: artifactInputs(settings, foreign) } : {}),
    ...(adversarial ? { adversary: settings.adversary } : {}),
    ...(steps === null ? {} : { rollouts: { ...settings.rollouts, steps } }),
    ...(arm.method === "distill" ? { posteriorDraws } : {}),
  };
}

/** Names and hashes of the sources in place of the folders that they lie in. */
function artifactInputs(settings: Settings, foreign: ForeignArtifacts): Record<string, unknown> {
  const { sources: _sources, weights: _weights, ...numbers } = settings.artifacts;
  return { ...numbers, trained: sourcesOf(settings).trained, seed: settings.data.seed, ...foreign };
}
