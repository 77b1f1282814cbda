import { conditionOf } from "../../dataset/mod.ts";
import type { RunEvent } from "../events.ts";
import type { Crop } from "./crop.ts";
import { type CropSpace, encodeCrops } from "./encoded_crops.ts";
import type { ShownCrops } from "./strip.ts";

/** Encodes the crops that strips show, and keeps their pixels. */
export async function* showCrops(
  crops: readonly Crop[],
  space: CropSpace,
  options: Parameters<typeof encodeCrops>[2],
): AsyncGenerator<RunEvent, ShownCrops> {
  const pairs = yield* encodeCrops(crops, space, options);
  const conditions = [], truths = [];
  for (const crop of crops) {
    const { hr, lr } = await crop.render();
    conditions.push(conditionOf(lr));
    truths.push(hr);
  }
  return { pairs, conditions, truths };
}
