import type { Arm } from "./arms.ts";
import type { Settings } from "./schema/mod.ts";
import { sourcesOf } from "./sources.ts";

/** The stages below the arms that some arm needs. */
export interface Needs {
  readonly artifacts: boolean;
  /** Whether a source of artifacts is made with the small restorer. */
  readonly smallRestorer: boolean;
}

/** Says what the arms need. */
export function needs(arms: Readonly<Record<string, Arm>>, settings: Pick<Settings, "artifacts">): Needs {
  const artifacts = Object.values(arms).some((arm) =>
    arm.method === "preference" && (arm.negatives === "static" || (arm.negatives === "adversary" && !arm.imitates))
  );
  return { artifacts, smallRestorer: artifacts && sourcesOf(settings).trained.some((name) => name !== "undertrained") };
}
