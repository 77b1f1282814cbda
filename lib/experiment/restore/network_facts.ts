import { imageMultiple, type OpenOptions } from "../models/mod.ts";
import type { RestoreNetwork } from "./network.ts";
import type { ImageRules } from "./settings.ts";

/** What a network's configuration says before anything is loaded. */
export interface NetworkFacts extends ImageRules {
  /** Side of the crops that it was trained on, where it is known: the default tile. */
  readonly trained: number | null;
  /** Tiles in one call of the network, by default. */
  readonly batchSize: number;
  /** Whether an autoencoder lies between images and network. */
  readonly coded: boolean;
}

/** What published networks were trained at. */
const TRAINED = { flux: 1024, sd15: 512, sdxl: 1024 } as const;
/** Tiles of small networks in a call. */
const SMALL_BATCH = 16;

/**
 * Read what is known of a network without its weights.
 *
 * @throws {InputOutputError} If a configuration is missing.
 * @throws {DataError} If one does not fit.
 */
export async function networkFacts(
  { kind, checkpoint, run, origin }: RestoreNetwork,
  { conditionScale = 1 }: Pick<OpenOptions, "conditionScale">,
): Promise<NetworkFacts> {
  const multiple = await imageMultiple({ backbone: kind, checkpoint });
  if (kind === "small") {
    return {
      multiple,
      conditionScale: 1,
      trained: origin?.size ?? run?.size ?? null,
      batchSize: SMALL_BATCH,
      coded: false,
    };
  }
  return { multiple, conditionScale, trained: origin?.size ?? TRAINED[kind], batchSize: 1, coded: true };
}
