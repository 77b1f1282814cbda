import { join } from "node:path";
import { readJson } from "../../core/mod.ts";
import {
  estimateFlux,
  latentFactor,
  parseAutoencoderConfig,
  parseFluxConfig,
  parseUnetConfig,
  smallFluxConfig,
  type UnetConfig,
  unetFactor,
} from "../../backbones/mod.ts";
import { pixelCodec } from "../../flow/mod.ts";
import type { OpenOptions } from "../models/mod.ts";
import { readSmallSettings } from "../models/small_model.ts";
import type { RestoreNetwork } from "./network.ts";
import type { ImageRules } from "./settings.ts";

/** What a network's configuration says before anything is loaded. */
export interface NetworkFacts extends ImageRules {
  /** Side of the crops that it was trained on, where it is known: the default tile. */
  readonly trained: number | null;
  /** Tiles in one call of the network, by default. */
  readonly batchSize: number;
  /** Bytes that a call of the network takes for so many tiles of a side in pixels. */
  activationBytes(tile: number, batch: number): number;
  /** Bytes that encoding or decoding a tile takes, a pixel; 0 where images are not encoded. */
  readonly codedBytesPerPixel: number;
}

/** Latents of a token's side. */
const PACKED = 2;
/** Tokens of text: FLUX's empty prompt, and the context of the small transformer. */
const TEXT = 512, SMALL_TEXT = 8;
/** Pixels of a token's side in the small transformer. */
const PATCH = 4;
/** Decoding a pixel with the published widths, in a traced function: measured. */
const CODED_BYTES = 4096;
/** Maps of a UNet's finest level that a block holds at once, and bytes of the attention scores made at a time. */
const MAPS = 30, SCORE_BYTES = 2 ** 26 * 4 * 3;
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
  { conditioning, conditionScale = 1 }: Pick<OpenOptions, "conditioning" | "conditionScale">,
): Promise<NetworkFacts> {
  if (kind === "small") {
    const { width, heads, doubleBlocks: double, singleBlocks: single } = await readSmallSettings(checkpoint);
    const config = smallFluxConfig({ width, heads, double, single });
    return {
      multiple: pixelCodec.multiple,
      conditionScale: 1,
      trained: run?.size ?? null,
      batchSize: SMALL_BATCH,
      codedBytesPerPixel: 0,
      activationBytes: (tile, batch) => fluxBytes(config, batch, SMALL_TEXT + (tile / PATCH) ** 2),
    };
  }
  const factor = latentFactor(parseAutoencoderConfig(await readJson(join(checkpoint, "vae", "config.json"))));
  const common = { conditionScale, trained: TRAINED[kind], batchSize: 1, codedBytesPerPixel: CODED_BYTES };
  if (kind === "flux") {
    const config = parseFluxConfig(await readJson(join(checkpoint, "transformer", "config.json")));
    const copies = 1 + (conditioning === "channel" ? 0 : conditionScale ** 2);
    return {
      ...common,
      multiple: PACKED * factor,
      activationBytes: (tile, batch) => fluxBytes(config, batch, TEXT + copies * (tile / factor / PACKED) ** 2),
    };
  }
  const config = parseUnetConfig(await readJson(join(checkpoint, "unet", "config.json")));
  return {
    ...common,
    multiple: unetFactor(config) * factor,
    activationBytes: (tile, batch) => unetBytes(config, batch, tile / factor),
  };
}

function fluxBytes(config: Parameters<typeof estimateFlux>[0], batch: number, tokens: number): number {
  return estimateFlux(config, {}, { batch, tokens }, "resident").parts.activations;
}

/** Skip connections of all levels, the inside of the largest block, and attention scores. */
function unetBytes({ widths, layers }: UnetConfig, batch: number, cells: number): number {
  const maps = widths.map((width, level) => batch * (cells / 2 ** level) ** 2 * width * 4);
  return maps.reduce((sum, bytes) => sum + bytes * (layers + 1), 0) + MAPS * Math.max(...maps) + SCORE_BYTES;
}
