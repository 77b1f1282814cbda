import { canonicalJson } from "../../core/mod.ts";
import { conditionOf } from "../../dataset/mod.ts";
import type { TileMap } from "../../flow/mod.ts";
import { decodePhotograph, encodePhotograph } from "../../image/mod.ts";
import { RECORD_KEYWORD, type RestoreRecord } from "./outputs.ts";
import type { RasterRestorer } from "./restore_raster.ts";

/** A result and what its source had that it has not. */
export interface RestoredPhotograph {
  /** PNG file with its record. */
  readonly file: Uint8Array;
  /** Conversions, such as of CMYK. */
  readonly notes: readonly string[];
}

/**
 * Restore an image file with all that it has: gray stays gray, alpha is enlarged beside by MATLAB's bicubic, samples keep
 * their 8 or 16 bits, and the result has the colour profile of the source, in whose space its values are.
 *
 * @param bytes The file.
 * @param name What messages call it.
 * @param record Stored in the result.
 * @throws {DataError} If it cannot be decoded.
 * @throws {StoppedError} If the signal was raised.
 */
export async function restorePhotograph(
  restorer: RasterRestorer,
  bytes: Uint8Array,
  name: string,
  record: RestoreRecord,
  options: Pick<TileMap, "signal" | "onTiles">,
): Promise<RestoredPhotograph> {
  const source = await decodePhotograph(bytes, name);
  const image = await restorer.restore(source.image, options);
  const alpha = source.alpha && conditionOf(source.alpha);
  const file = await encodePhotograph({ ...source, image, alpha }, { [RECORD_KEYWORD]: canonicalJson(record) });
  return { file, notes: source.notes };
}
