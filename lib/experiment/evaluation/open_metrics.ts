import { sha256File } from "../../core/mod.ts";
import { engineInfo } from "../../engine/mod.ts";
import { type ImageMetric, type OpenMetric, openMetric, type Protocol, weightsPaths } from "../../metrics/mod.ts";

/** A metric whose files are there. */
export interface ReadyMetric extends Disposable {
  readonly record: ImageMetric;
  /** What its numbers depend on beside images and protocol: hashes of its files and, of a network, the engine. */
  readonly depends: readonly string[];
  /** SHA-256 of its files by name. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Loads a network, once: where every value is known from an earlier run, never. */
  open(): Promise<OpenMetric>;
  /** What its file of parameters says of itself; nothing, of networks. */
  readonly parameters: string | null;
}

/**
 * Groups metrics into walks over the images: those without a network together, every network by itself, so that one at a
 * time is in memory.
 *
 * @param spectral The first walk takes spectra too, with or without other metrics.
 */
export function metricPasses(metrics: readonly ImageMetric[], spectral: boolean): ImageMetric[][] {
  const light = metrics.filter(({ memory }) => !memory);
  return [
    ...light.length === 0 && !spectral ? [] : [light],
    ...metrics.filter(({ memory }) => memory).map((metric) => [metric]),
  ];
}

/**
 * Prepares a metric for measuring.
 *
 * @param folder Holds its files; a metric of pixels alone needs none.
 */
export async function readyMetric(
  record: ImageMetric,
  protocol: Protocol,
  folder: string | undefined,
): Promise<ReadyMetric> {
  const hashes: Record<string, string> = {};
  if (folder !== undefined) {
    for (const [file, path] of Object.entries(weightsPaths(record, folder))) hashes[file] = await sha256File(path);
  }
  let loaded: OpenMetric | undefined;
  if (!record.memory) loaded = await openMetric(record, protocol, folder);
  return {
    record,
    depends: [...Object.values(hashes), ...record.memory ? [engineInfo().line] : []],
    hashes,
    open: async () => loaded ??= await openMetric(record, protocol, folder),
    parameters: loaded?.parameters ?? null,
    [Symbol.dispose]: () => loaded?.[Symbol.dispose](),
  };
}
