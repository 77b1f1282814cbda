import { imageSize } from "../../image/mod.ts";
import { type ImageMetric, mapMemory } from "../../metrics/mod.ts";

/** What an evaluation needs, to be stated before it runs. */
export interface MemoryNeeds {
  /** Columns of the largest image. */
  readonly width: number;
  /** Rows of the largest image. */
  readonly height: number;
  /** What is in memory one after the other: the metrics of pixels alone together, then every network by itself. */
  readonly parts: readonly {
    /** Name for people. */
    readonly label: string;
    /** At its peak. */
    readonly bytes: number;
  }[];
}

/**
 * What a pair takes with all metrics that have no network, NIQE and FSIM included: the process's peaks for pairs of 4 and of
 * 16 megapixels, 726 and 1971 MB. PSNR alone takes half as much.
 */
const pixelMemory = mapMemory(320, 110);

/** Estimates what metrics need for the largest of some files; null where there is nothing to measure. */
export async function memoryNeeds(
  metrics: readonly Pick<ImageMetric, "label" | "memory">[],
  files: Iterable<string>,
): Promise<MemoryNeeds | null> {
  let largest = { width: 0, height: 0 };
  for (const file of files) {
    const size = await imageSize(file) ?? largest;
    if (size.width * size.height > largest.width * largest.height) largest = size;
  }
  const { width, height } = largest;
  if (width === 0) return null;
  const networks = metrics.flatMap(({ label, memory }) => memory ? [{ label, bytes: memory(width, height) }] : []);
  const pixels = { label: "metrics of pixels", bytes: pixelMemory(width, height) };
  const parts = [...networks.length < metrics.length ? [pixels] : [], ...networks];
  return parts.length === 0 ? null : { width, height, parts };
}
