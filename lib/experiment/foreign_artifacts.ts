import type { ArtifactSet } from "../adversary/mod.ts";
import type { RunEvent } from "./events.ts";
import { type GivenArtifacts, readGivenArtifacts } from "./given_artifacts.ts";
import { sourcesOf } from "./sources.ts";
import type { StageResult } from "./stage.ts";
import type { RunContext } from "./stages/context.ts";
import { restoredStage } from "./stages/restored.ts";

/** Artifacts that a run does not train itself; the same for every seed. */
export interface ForeignSources {
  /** Outputs of published restorers on the training crops. */
  readonly restored: readonly StageResult<ArtifactSet>[];
  /** What came as files. */
  readonly given: GivenArtifacts | null;
}

/** Reads the artifacts that come as files, and runs the published restorers that the settings name. */
export async function* foreignArtifacts(context: RunContext): AsyncGenerator<RunEvent, ForeignSources> {
  const given = yield* readGivenArtifacts(context.settings, context, context.signal);
  const restored: StageResult<ArtifactSet>[] = [];
  for (const name of sourcesOf(context.settings).restorers) restored.push(yield* restoredStage(context, name));
  return { restored, given };
}
