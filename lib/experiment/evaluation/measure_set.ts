import { StoppedError } from "../../core/mod.ts";
import { type ImageMetric, imageSpectrum, type Protocol } from "../../metrics/mod.ts";
import { measurementCache } from "./cache.ts";
import type { EvaluationFault } from "./evaluation.ts";
import { lazyPair, measureImage, type PreparedPair } from "./measure_image.ts";
import { metricPasses, readyMetric } from "./open_metrics.ts";
import type { EvaluationSet } from "./pairs.ts";
import type { PairSpectra } from "./spectra.ts";

/** A number of each metric, or the reason why there is none. */
export type Values = Record<string, number | string>;

/** How a set is measured. */
export interface MeasureOptions {
  readonly protocol: Protocol;
  readonly weights?: string;
  readonly cache?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Take the spectra of every pair too. */
  readonly spectral: boolean;
}

/**
 * Walks over the images once for all metrics without a network and for spectra, and once for every network.
 * `rows[folder][image]`, `spectra[folder][image]`
 */
export async function measureSet(
  set: EvaluationSet,
  metrics: readonly ImageMetric[],
  options: MeasureOptions,
) {
  const { protocol, weights, signal, onProgress, spectral } = options, { folders, images } = set;
  const cache = options.cache === undefined ? null : await measurementCache(options.cache);
  const rows = folders.map(() => images.map((): Values => ({})));
  const spectra = folders.map(() => images.map((): PairSpectra | undefined => undefined));
  const hashes: Record<string, string> = {}, parameters: Record<string, string | null> = {};
  const passes = metricPasses(metrics, spectral), total = passes.length * images.length * folders.length;
  let done = 0;
  for (const [p, pass] of passes.entries()) {
    using stack = new DisposableStack();
    const ready = await Promise.all(pass.map((record) => readyMetric(record, protocol, weights)));
    for (const metric of ready) {
      Object.assign(hashes, stack.use(metric).hashes);
      parameters[metric.record.name] = metric.parameters;
    }
    for (const [i, image] of images.entries()) {
      for (const [f, folder] of folders.entries()) {
        if (signal?.aborted) throw new StoppedError("Stopped: the same command goes on from here");
        const pair = await set.readPair(image, folder);
        if (pair) {
          const prepare = lazyPair(pair, protocol);
          Object.assign(rows[f][i], await measureImage(pair, prepare, ready, protocol, cache));
          if (spectral && p === 0) spectra[f][i] = spectraOf(prepare);
        }
        onProgress?.(++done, total);
      }
    }
  }
  return { rows, hashes, parameters, spectra };
}

/** The spectra of a pair; none where it is too small. */
function spectraOf(prepare: () => PreparedPair): PairSpectra | undefined {
  try {
    const [sr, hr] = prepare();
    return hr === null ? undefined : { sr: imageSpectrum(sr, sr.protocol), hr: imageSpectrum(hr, hr.protocol) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

/** Faults of the images that a metric could not score. */
export function unmeasured(
  { folders, images }: EvaluationSet,
  rows: readonly (readonly Values[])[],
): EvaluationFault[] {
  return folders.flatMap(({ files }, f) =>
    images.flatMap((image, i) =>
      Object.entries(rows[f][i]).flatMap(([metric, reason]) =>
        typeof reason === "string" ? [{ file: files.get(image)!, metric, reason }] : []
      )
    )
  );
}
