import { contentHash } from "../../core/mod.ts";
import { type DegradationPreset, drawPair, renderPair, type SourceImage } from "../../dataset/mod.ts";
import { type Crop, cropNumbers, type CropOptions } from "./crop.ts";

/** How photographs become pairs. */
export interface PhotographCropOptions extends CropOptions {
  /** What degrades them. */
  readonly preset: DegradationPreset;
  /** Side of the window that is degraded around a crop, in HR pixels. */
  readonly context: number;
}

/**
 * Plan crops of photographs: the same draws as `buildPairs`, but rendered one at a time.
 *
 * @param images Of one split; at least one.
 * @throws {DataError} If one is smaller than the crop.
 */
export function photographCrops(images: readonly SourceImage[], options: PhotographCropOptions): Crop[] {
  const { count, size, seed, split, preset, context } = options;
  return Array.from(cropNumbers(images, count), ({ image, number, id }) => {
    const record = drawPair(image, number, { size, seed, split, preset, context, gtUsm: true });
    return {
      id,
      key: contentHash(record),
      restorers: [],
      render: async () => ({ ...await renderPair(await image.read(), record), negatives: [] }),
    };
  });
}
