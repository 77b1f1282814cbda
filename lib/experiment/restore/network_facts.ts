import { latentFactor, unetFactor } from "../../backbones/mod.ts";
import { pixelCodec } from "../../flow/mod.ts";
import type { OpenOptions } from "../models/mod.ts";
import { modelParts, unetModelParts } from "../models/parts.ts";
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

/** Latents of a token's side. */
const PACKED = 2;
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
  { kind, checkpoint, run }: RestoreNetwork,
  { conditionScale = 1 }: Pick<OpenOptions, "conditionScale">,
): Promise<NetworkFacts> {
  if (kind === "small") {
    return {
      multiple: pixelCodec.multiple,
      conditionScale: 1,
      trained: run?.size ?? null,
      batchSize: SMALL_BATCH,
      coded: false,
    };
  }
  const cells = kind === "flux" ? PACKED : unetFactor((await unetModelParts(checkpoint)).network.config);
  const multiple = cells * latentFactor((await modelParts(kind, checkpoint)).autoencoder.config);
  return { conditionScale, trained: TRAINED[kind], batchSize: 1, coded: true, multiple };
}
