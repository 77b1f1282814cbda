import type { ArtifactSet } from "../../adversary/mod.ts";
import { contentHash } from "../../core/mod.ts";
import type { PairSet } from "../../dataset/mod.ts";
import type { GivenArtifacts } from "../given_artifacts.ts";
import type { StageResult } from "../stage.ts";

/** All artifacts of a seed. */
export interface ArtifactOutput {
  /** By which later stages name them. */
  readonly hash: string;
  /** What the sets are over: the training crops, and after them those of cached negatives. */
  readonly pairs: PairSet;
  /** Sets over every training crop, of which the adversary gets a random share. */
  readonly sampled: readonly ArtifactSet[];
  /** Sets that are used whole. */
  readonly whole: readonly ArtifactSet[];
}

/** Joins the artifacts of every kind of source; each may be absent, but not all. */
export function joinArtifacts(
  train: PairSet,
  trained: StageResult<readonly ArtifactSet[]> | undefined,
  restored: readonly StageResult<ArtifactSet>[],
  given: GivenArtifacts | null,
): ArtifactOutput {
  const alone = trained !== undefined && restored.length === 0 && given === null;
  const hashes = { trained: trained?.hash, restored: restored.map(({ hash }) => hash), given: given?.hash };
  return {
    hash: alone ? trained.hash : contentHash(hashes),
    pairs: given?.pairs ?? train,
    sampled: [...trained?.value ?? [], ...restored.map(({ value }) => value)],
    whole: given?.sets ?? [],
  };
}
