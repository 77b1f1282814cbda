import { canonicalJson } from "../../core/mod.ts";
import { conditionOf } from "../../dataset/mod.ts";
import { encodePhotograph, type Photograph } from "../../image/mod.ts";
import { RECORD_KEYWORD, type RestoreRecord } from "./outputs.ts";
import type { RasterOptions, RasterRestorer } from "./restore_raster.ts";

/**
 * Restore a photograph with all that it has: gray stays gray, alpha is enlarged beside by MATLAB's bicubic, samples keep
 * their 8 or 16 bits, and the result has the colour profile of the source, in whose space its values are.
 *
 * @param record Stored in the result.
 * @returns PNG file.
 * @throws {TrainingError} If a value is not finite.
 * @throws {StoppedError} If the signal was raised.
 */
export async function restorePhotograph(
  restorer: RasterRestorer,
  source: Photograph,
  record: RestoreRecord,
  options: RasterOptions,
): Promise<Uint8Array> {
  const image = await restorer.restore(source.image, options);
  const alpha = source.alpha && conditionOf(source.alpha);
  return await encodePhotograph({ ...source, image, alpha }, { [RECORD_KEYWORD]: canonicalJson(record) });
}
