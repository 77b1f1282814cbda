import { DataError, UsageError } from "../../core/mod.ts";
import { listImages } from "../../dataset/mod.ts";
import { checkRestorer } from "../../restorers/mod.ts";
import { checkHold, imageMultiple } from "../models/mod.ts";
import { checkpointKind } from "../models/parts.ts";
import type { Artifacts } from "./artifacts.ts";
import { frozenLora } from "./frozen_lora.ts";
import { negativePairs } from "./pair_files.ts";
import type { TrainSettings } from "./settings.ts";
import type { TrainRequest } from "./request.ts";

/**
 * Check all of a training that can be known before the engine is started and anything is written: settings that do not fit
 * each other, and what is named and not there.
 *
 * @throws {UsageError} If a stage lacks what it builds on, a restorer is unknown, or sizes do not fit the network.
 * @throws {InputOutputError} If a file is missing.
 * @throws {DataError} If a folder holds nothing that can be used.
 */
export async function checkTraining(
  { settings, checkpoint, stages, data, artifacts, given, out, weights }: Pick<
    TrainRequest,
    "settings" | "checkpoint" | "stages" | "data" | "artifacts" | "given" | "out" | "weights"
  >,
): Promise<void> {
  if (stages.length === 0) throw new UsageError("Cannot train as a stage must be named: current value is none");
  if (data.length === 0) throw new UsageError("Cannot train as folders of images are needed: current value is none");
  checkHold(settings.backbone, weights);
  if (stages.includes("adversary")) await checkArtifacts(artifacts);
  if (stages.includes("asdpo")) {
    for (const stage of ["sft", "adversary"] as const) {
      if (!stages.includes(stage)) await frozenLora(out, stage, given?.[stage]);
    }
  }
  await listImages(data);
  const kind = await checkpointKind(checkpoint);
  if (kind !== settings.backbone) {
    throw new DataError(
      `Cannot train --backbone ${settings.backbone} as ${checkpoint} must be of this kind: current value is ${kind}`,
    );
  }
  checkSize(await imageMultiple({ ...settings, checkpoint }), settings);
}

async function checkArtifacts(artifacts: Artifacts | null): Promise<void> {
  if (artifacts === null) {
    throw new UsageError(
      "Cannot train an adversary as it needs artifacts to imitate (--negatives DIR of `deno task negatives`, or " +
        "--restorers NAMES): current value is none",
    );
  }
  if ("folder" in artifacts) return void await negativePairs(artifacts.folder);
  for (const name of artifacts.restorers) await checkRestorer(name, artifacts.weights);
}

function checkSize(multiple: number, { backbone, size, conditionScale }: TrainSettings): void {
  for (const side of [size, size * conditionScale]) {
    if (side % multiple === 0) continue;
    throw new UsageError(
      `Cannot train ${backbone} as sides of crops and conditions must be multiples of ${multiple}: ` +
        `current value is ${side}`,
    );
  }
}
