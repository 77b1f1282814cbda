import { StoppedError } from "../../core/mod.ts";
import { engineInfo } from "../../engine/mod.ts";
import {
  describeProtocol,
  type ImageMetric,
  missingWeights,
  needs,
  type Protocol,
  protocols,
} from "../../metrics/mod.ts";
import { measurementCache } from "./cache.ts";
import type { EvaluatedFolder, EvaluationFault, FolderEvaluation } from "./evaluation.ts";
import { measureImage, MEASURING_CODE } from "./measure_image.ts";
import { type MemoryNeeds, memoryNeeds } from "./memory.ts";
import { metricPasses, readyMetric } from "./open_metrics.ts";
import { type EvaluationSet, openSet } from "./pairs.ts";
import { compareFolders, rankAgreement, summarise } from "./summary.ts";

/** What {@link evaluateFolders} measures. */
export interface EvaluateFoldersOptions {
  /** Folders of results; the first is compared with every other. */
  readonly sr: readonly string[];
  /** Folder of truths; without it only metrics that need none are measured. */
  readonly hr?: string;
  /** Folder of low-resolution images: enlarged by MATLAB's bicubic they are one more folder, `bicubic`. Needs `hr`. */
  readonly lr?: string;
  /** In the order of the tables. */
  readonly metrics: readonly ImageMetric[];
  /** The paper's by default. */
  readonly protocol?: Protocol;
  /** Folder of the parameters that metrics need. */
  readonly weights?: string;
  /** Where measurements are kept as they are made; without it nothing is kept. */
  readonly cache?: string;
  /** Called before anything is measured, with what it needs. */
  readonly onMemory?: (needs: MemoryNeeds) => void;
  /** Called after every image of every folder, for every walk over the images. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops after the current image. */
  readonly signal?: AbortSignal;
}

/**
 * Measure folders of results: image by image, one pair and at most one network at a time in memory. The engine must have
 * been started where there are networks.
 *
 * A file that cannot be used, has no partner or another size than its truth is left out and reported; the rest is done. A
 * metric whose weights are not there is reported as not available; the others go on.
 *
 * @returns Values, intervals, the first folder against the others, and how far metrics agree.
 * @throws {DataError} If a folder does not exist or holds no image, or a file of parameters cannot be used.
 * @throws {StoppedError} If asked to stop; what was measured is kept in `cache`.
 */
export async function evaluateFolders(options: EvaluateFoldersOptions): Promise<FolderEvaluation> {
  const { protocol = protocols.paper, metrics, weights } = options;
  const set = await openSet(options), lacking = new Map(metrics.map((one) => [one.name, missingWeights(one, weights)]));
  const available = metrics.filter(({ name }) => lacking.get(name)!.length === 0);
  const memory = await memoryNeeds(available, set.paths);
  if (memory) options.onMemory?.(memory);
  const { rows, hashes, parameters } = await measureSet(set, available, { ...options, protocol });
  const folders = set.folders.map(({ name }, f): EvaluatedFolder => {
    const values = (metric: string) => rows[f].map((row) => numberOrNull(row[metric]));
    const perImage = Object.fromEntries(metrics.map(({ name }) => [name, values(name)]));
    return { name, perImage, summary: mapValues(perImage, summarise) };
  });
  return {
    protocol,
    protocolText: describeProtocol(protocol, available),
    code: MEASURING_CODE,
    metrics: metrics.map((metric) => ({
      ...column(metric),
      unavailable: available.includes(metric) ? null : needs(lacking.get(metric.name)!),
      parameters: parameters[metric.name] ?? null,
    })),
    missing: [...new Map([...lacking.values()].flat().map((file) => [file.file, file])).values()],
    engine: available.some(({ memory }) => memory) ? engineInfo().line : null,
    weights: hashes,
    images: set.images,
    folders,
    comparisons: compareFolders(folders, metrics.map(({ name }) => name)),
    agreement: folders.flatMap((folder) => rankAgreement(folder, metrics)),
    notes: [...set.reader.notes],
    faults: [...set.reader.faults, ...unmeasured(set, rows)],
  };
}

type Values = Record<string, number | string>;

/** Walks over the images once for all metrics without a network and once for every network. `rows[folder][image]` */
async function measureSet(
  set: EvaluationSet,
  metrics: readonly ImageMetric[],
  options: EvaluateFoldersOptions & { readonly protocol: Protocol },
) {
  const { protocol, weights, signal, onProgress } = options, { folders, images } = set;
  const cache = options.cache === undefined ? null : await measurementCache(options.cache);
  const rows = folders.map(() => images.map((): Values => ({})));
  const hashes: Record<string, string> = {}, parameters: Record<string, string | null> = {};
  const passes = metricPasses(metrics), total = passes.length * images.length * folders.length;
  let done = 0;
  for (const pass of passes) {
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
        if (pair) Object.assign(rows[f][i], await measureImage(pair, ready, protocol, cache));
        onProgress?.(++done, total);
      }
    }
  }
  return { rows, hashes, parameters };
}

/** Faults of the images that a metric could not score. */
function unmeasured({ folders, images }: EvaluationSet, rows: readonly (readonly Values[])[]): EvaluationFault[] {
  return folders.flatMap(({ files }, f) =>
    images.flatMap((image, i) =>
      Object.entries(rows[f][i]).flatMap(([metric, reason]) =>
        typeof reason === "string" ? [{ file: files.get(image)!, metric, reason }] : []
      )
    )
  );
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, fn: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));
}

function numberOrNull(value: number | string | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function column({ name, label, unit, better, digits, reference, source }: ImageMetric) {
  return { name, label, unit, better, digits, reference, source };
}
