import { UsageError } from "../../core/mod.ts";
import type { NetworkChoice } from "./network.ts";
import type { NetworkFacts } from "./network_facts.ts";
import { checkTiles, type RestoreSettings } from "./settings.ts";

/** What to restore, with what, and where to. */
export interface RestoreRequest {
  /** Images, or folders of them. */
  readonly inputs: readonly string[];
  /** Folder of the results. */
  readonly out: string;
  /** Make results again that are there. */
  readonly overwrite: boolean;
  /** Which network. */
  readonly network: NetworkChoice;
  /** How. What is left out follows from the network: tiles as large as what it was trained on. */
  readonly settings: Omit<RestoreSettings, "tile" | "overlap"> & {
    readonly tile?: number;
    readonly overlap?: number;
    readonly batchSize?: number;
  };
  /** Bytes that may be taken; by default what is free. */
  readonly memoryLimit?: number;
  /** Stops before the next call of the network. */
  readonly signal: AbortSignal;
  /** Starts the engine; called once it is known that there is something to do and nothing against it. */
  start(): Promise<void>;
}

/** Settings with nothing left open. */
export interface ResolvedRestore extends RestoreSettings {
  /** Tiles in one call of the network. */
  readonly batchSize: number;
}

/** What tiles share, as a fraction of their side: with less or more, no seam was measurable either. */
const OVERLAP = 1 / 4;

/**
 * Fill in what follows from the network: tiles of the size that it was trained on, which share a quarter.
 *
 * @throws {UsageError} If the size is not known and not given, or does not fit the network.
 */
export function resolveRestore(settings: RestoreRequest["settings"], facts: NetworkFacts): ResolvedRestore {
  const tile = settings.tile ?? facts.trained;
  if (tile === null) {
    throw new UsageError(
      "Cannot tile images as --tile must be the size that this network was trained on, which its folder does not say: " +
        "current value is none",
    );
  }
  const overlap = settings.overlap ?? Math.floor(tile * OVERLAP);
  checkTiles(facts, { tile, overlap });
  return { ...settings, tile, overlap, batchSize: settings.batchSize ?? facts.batchSize };
}
