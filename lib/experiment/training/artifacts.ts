import { type NamedRestorer, openRestorer } from "../../restorers/mod.ts";
import type { RunEvent } from "../events.ts";
import type { Crop } from "./crop.ts";
import { planNegatives } from "./crop_sources.ts";
import { type NamedPair, negativePairs } from "./pair_files.ts";
import { restoredCrops } from "./restored_crops.ts";
import type { TrainSettings } from "./settings.ts";

/** What an adversary imitates: a folder of `deno task negatives`, or restorers that run here on a share of the crops. */
export type Artifacts =
  | { readonly folder: string }
  | { readonly restorers: readonly string[]; readonly weights: string; readonly share: number };

/** The same, opened: pairs with negatives, or networks. */
export type OpenedArtifacts =
  | { readonly pairs: readonly NamedPair[] }
  | { readonly restorers: readonly NamedRestorer[]; readonly share: number };

/**
 * Open artifacts before anything is trained: a name or a file that is wrong shows at once.
 *
 * @param stack Gets the networks, to free them.
 * @throws {UsageError} If there is no restorer of a name.
 * @throws {InputOutputError} If a file is missing.
 */
export async function openArtifacts(artifacts: Artifacts, stack: DisposableStack): Promise<OpenedArtifacts> {
  if ("folder" in artifacts) return { pairs: await negativePairs(artifacts.folder) };
  const { restorers: names, weights, share } = artifacts, restorers: NamedRestorer[] = [];
  for (const name of names) restorers.push(stack.use(await openRestorer(name, weights)));
  return { restorers, share };
}

/** Plans the crops of an adversary: those of pairs with negatives, or some of the training crops. */
export async function* artifactCrops(
  artifacts: OpenedArtifacts,
  training: readonly Crop[],
  settings: TrainSettings,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, Crop[]> {
  if ("pairs" in artifacts) return yield* planNegatives(artifacts.pairs, settings, signal);
  return restoredCrops(training, artifacts.restorers, artifacts.share, signal);
}
