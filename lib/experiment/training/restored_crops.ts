import { contentHash } from "../../core/mod.ts";
import { type NamedRestorer, restoreImage } from "../../restorers/mod.ts";
import type { Crop } from "./crop.ts";

/**
 * Give a share of crops the outputs of restorers that run here: what an adversary learns to imitate. Which crops depends
 * on their content alone.
 *
 * @param share In (0, 1]; at least one crop is taken.
 * @param signal Stops between two tiles of a restorer.
 */
export function restoredCrops(
  crops: readonly Crop[],
  restorers: readonly NamedRestorer[],
  share: number,
  signal: AbortSignal,
): Crop[] {
  const count = Math.max(1, Math.round(share * crops.length));
  const last = crops.map(({ key }) => key).sort()[count - 1];
  return crops.filter(({ key }) => key <= last).map((crop) => ({
    ...crop,
    key: contentHash({ crop: crop.key, restorers: restorers.map(({ hash }) => hash) }),
    restorers: restorers.map(({ name }) => name),
    async render() {
      const rendered = await crop.render(), negatives = [];
      for (const { traced, context, exactTiles: exact } of restorers) {
        negatives.push(await restoreImage(traced, rendered.lr, { context, exact, signal }));
      }
      return { ...rendered, negatives };
    },
  }));
}
