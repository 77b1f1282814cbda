import { contentHash } from "../../core/mod.ts";
import { engineInfo } from "../../engine/mod.ts";
import {
  describeProtocol,
  type ImageMetric,
  missingWeights,
  needs,
  type Protocol,
  protocols,
  type SpectralMetric,
} from "../../metrics/mod.ts";
import type { RadialPsd } from "../../sobolev/mod.ts";
import type { EvaluatedFolder, EvaluatedSource, FolderEvaluation } from "./evaluation.ts";
import { MEASURING_CODE } from "./measure_image.ts";
import { measureSet, unmeasured } from "./measure_set.ts";
import { type MemoryNeeds, memoryNeeds } from "./memory.ts";
import type { NameAffixes } from "./names.ts";
import { type EvaluationSet, openSet } from "./pairs.ts";
import type { ImageFolder } from "./sources.ts";
import { oneSize, storedSpectrum, summariseSpectra } from "./spectra.ts";
import { compareFolders, rankAgreement, summarise } from "./summary.ts";

/** What {@link evaluateFolders} measures. */
export interface EvaluateFoldersOptions extends Partial<NameAffixes> {
  /** Folders of results; the first is compared with every other. */
  readonly sr: readonly string[];
  /** Folder of truths; without it only metrics that need none are measured. */
  readonly hr?: string;
  /** Folder of low-resolution images: enlarged by MATLAB's bicubic they are one more folder, `bicubic`. Needs `hr`. */
  readonly lr?: string;
  /** In the order of the tables. */
  readonly metrics: readonly (ImageMetric | SpectralMetric)[];
  /** Networks of the protocol that this project has not, to be said with the results. */
  readonly gaps?: FolderEvaluation["gaps"];
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
  const set = await openSet(options), single = metrics.filter((metric) => metric.level === "image");
  const spectral = set.truths === null ? [] : metrics.filter((metric) => metric.level === "set");
  const lacking = new Map(single.map((one) => [one.name, missingWeights(one, weights)]));
  const available = single.filter(({ name }) => lacking.get(name)!.length === 0);
  const memory = await memoryNeeds([...available, ...spectral], set.paths);
  if (memory) options.onMemory?.(memory);
  const measured = await measureSet(set, available, { ...options, protocol, spectral: spectral.length > 0 });
  const { rows, hashes, parameters, spectra } = measured;
  const pairs = spectra.map((own) => own.filter((pair) => pair !== undefined));
  const comparable = oneSize(pairs.flat().map(({ hr }) => hr));
  const folders = set.folders.map((folder, f): EvaluatedFolder => {
    const perImage = record(single, ({ name }) => rows[f].map((row) => finite(row[name])));
    const infinite = record(single, ({ name }) => set.images.filter((_, i) => isInfinite(rows[f][i][name])));
    return {
      name: folder.name,
      ...source(set, folder, pairs[f].map(({ sr }) => sr)),
      factors: folder === set.low ? [...set.factors].sort((a, b) => a - b) : null,
      perImage,
      infinite: Object.fromEntries(Object.entries(infinite).filter(([, images]) => images.length > 0)),
      summary: {
        ...record(single, ({ name }) => summarise(perImage[name], infinite[name].length)),
        ...summariseSpectra(spectral, comparable ? pairs[f] : []),
      },
    };
  });
  const compared = single.filter(({ multipleOf }) => !single.some(({ name }) => name === multipleOf));
  const truthSpectra = set.images.flatMap((_, i) => spectra.flatMap((own) => own[i]?.hr ?? []).slice(0, 1));
  const unavailable = (metric: ImageMetric | SpectralMetric) =>
    metric.level === "set"
      ? comparable ? null : "not available: needs truths, and images of one shorter side"
      : available.includes(metric)
      ? null
      : needs(lacking.get(metric.name)!);
  return {
    protocol,
    protocolText: describeProtocol(protocol, [...available, ...comparable ? spectral : []]),
    code: MEASURING_CODE,
    metrics: metrics.map((metric) => ({
      ...column(metric),
      unavailable: unavailable(metric),
      parameters: parameters[metric.name] ?? null,
    })),
    gaps: options.gaps ?? [],
    missing: [...new Map([...lacking.values()].flat().map((file) => [file.file, file])).values()],
    engine: available.some(({ memory }) => memory) ? engineInfo().line : null,
    weights: hashes,
    images: set.images,
    truths: set.truths && source(set, set.truths, truthSpectra),
    folders,
    comparisons: compareFolders(folders, compared.map(({ name }) => name)),
    agreement: folders.flatMap((folder) => rankAgreement(folder, compared)),
    notes: [...set.reader.notes],
    faults: [...set.reader.faults, ...unmeasured(set, rows)],
  };
}

/** What results say of a folder whose images were read. */
function source(
  { reader }: EvaluationSet,
  { path, files }: ImageFolder,
  spectra: readonly RadialPsd[],
): EvaluatedSource {
  const read = [...files].filter(([, file]) => reader.hashes.has(file)).sort(([a], [b]) => a < b ? -1 : 1);
  const hash = read.length === 0 ? null : contentHash(read.map(([name, file]) => [name, reader.hashes.get(file)!]));
  return { path, hash, spectrum: storedSpectrum(spectra) };
}

function record<T>(metrics: readonly ImageMetric[], value: (metric: ImageMetric) => T): Record<string, T> {
  return Object.fromEntries(metrics.map((metric) => [metric.name, value(metric)]));
}

function finite(value: number | string | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function isInfinite(value: number | string | undefined): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

function column(metric: ImageMetric | SpectralMetric) {
  const { name, label, unit, better, digits, source, multipleOf, level } = metric;
  const reference = metric.level === "image" ? metric.reference : "full" as const;
  return { name, label, unit, better, digits, source, multipleOf, level, reference };
}
