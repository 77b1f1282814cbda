import { imageSize } from "../../image/mod.ts";
import type { ImageMetric } from "../../metrics/mod.ts";

/** What networks need, to be stated before they run. */
export interface MemoryNeeds {
  /** Columns of the largest image. */
  readonly width: number;
  /** Rows of the largest image. */
  readonly height: number;
  /** Of every network, in the order of the tables; one at a time is in memory. */
  readonly networks: readonly {
    /** Name for people. */
    readonly label: string;
    /** At its peak. */
    readonly bytes: number;
  }[];
}

/** Estimates what networks need for the largest of some files; null where there is no network or no image. */
export async function memoryNeeds(
  metrics: readonly ImageMetric[],
  files: Iterable<string>,
): Promise<MemoryNeeds | null> {
  const networks = metrics.filter(({ memory }) => memory);
  if (networks.length === 0) return null;
  let largest = { width: 0, height: 0 };
  for (const file of files) {
    const size = await imageSize(file) ?? largest;
    if (size.width * size.height > largest.width * largest.height) largest = size;
  }
  const { width, height } = largest;
  if (width === 0) return null;
  return { width, height, networks: networks.map(({ label, memory }) => ({ label, bytes: memory!(width, height) })) };
}
