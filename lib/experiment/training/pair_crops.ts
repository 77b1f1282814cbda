import { contentHash, rng } from "../../core/mod.ts";
import { crop, resizeBicubic } from "../../image/mod.ts";
import { type Crop, cropNumbers, type CropOptions } from "./crop.ts";
import { type PairFiles, readRaster } from "./pair_files.ts";

/** Plan aligned crops of pairs of files, with the outputs of restorers at the same place. */
export function pairCrops(pairs: readonly PairFiles[], { count, size, seed, split }: CropOptions): Crop[] {
  return Array.from(cropNumbers(pairs, count), ({ image: pair, number, id }) => {
    const side = size / 4, random = rng(seed, `crop/${split}`, number, parseInt(pair.hash.slice(0, 8), 16));
    const left = random.int(pair.sides.width - side + 1), top = random.int(pair.sides.height - side + 1);
    const low = { left, top, width: side, height: side };
    const high = { left: 4 * left, top: 4 * top, width: size, height: size };
    return {
      id,
      key: contentHash({ hash: pair.hash, low }),
      restorers: pair.restored.map(({ restorer }) => restorer),
      async render() {
        const lr = crop(await readRaster(pair.lr), low);
        const condition = resizeBicubic(lr, 4);
        condition.data.forEach((value, i) => condition.data[i] = Math.min(Math.max(value, 0), 1));
        const negatives = [];
        for (const { path } of pair.restored) negatives.push(crop(await readRaster(path), high));
        return { hr: crop(await readRaster(pair.hr), high), lr, condition, negatives };
      },
    };
  });
}
