import { StoppedError } from "../../core/mod.ts";
import { resizeBicubic } from "../../image/mod.ts";
import { describeProtocol, type Protocol, protocols, type RatedMetric } from "../../metrics/mod.ts";
import { measurementCache } from "./cache.ts";
import type { EvaluatedFolder, EvaluationFault, FolderEvaluation } from "./evaluation.ts";
import { measureImage } from "./measure_image.ts";
import { openMetrics } from "./open_metrics.ts";
import { type ImageFolder, type OpenedImage, openFolder, openImage, unpaired } from "./sources.ts";
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
  readonly metrics: readonly RatedMetric[];
  /** The paper's by default. */
  readonly protocol?: Protocol;
  /** Folder of the parameters that metrics need. */
  readonly weights?: string;
  /** Where measurements are kept as they are made; without it nothing is kept. */
  readonly cache?: string;
  /** Called after every image of every folder. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops after the current image. */
  readonly signal?: AbortSignal;
}

const BICUBIC = "bicubic";

/**
 * Measure folders of results: image by image, one at a time in memory.
 *
 * A file that cannot be used, has no partner or another size than its truth is left out and reported; the rest is done.
 *
 * @returns Values, intervals, the first folder against the others, and how far metrics agree.
 * @throws {DataError} If a folder does not exist or holds no image, or a file of parameters cannot be used.
 * @throws {StoppedError} If asked to stop; what was measured is kept in `cache`.
 */
export async function evaluateFolders(options: EvaluateFoldersOptions): Promise<FolderEvaluation> {
  const { protocol = protocols.paper, onProgress, signal } = options;
  const results = distinct(await Promise.all(options.sr.map(openFolder)));
  const truths = options.hr === undefined ? null : await openFolder(options.hr);
  const low = options.lr === undefined ? null : { ...await openFolder(options.lr), name: BICUBIC };
  const folders = low === null ? results : [...results, low];
  const images = [...new Set(results.flatMap(({ files }) => [...files.keys()]))].sort();
  const faults: EvaluationFault[] = [], notes: string[] = [];
  if (truths) { for (const folder of results) faults.push(...unpaired(folder, truths), ...unpaired(truths, folder)); }
  using opened = await openMetrics(options.metrics, protocol, options.weights);
  const cache = options.cache === undefined ? null : await measurementCache(options.cache);
  const rows = folders.map((): Record<string, number | string>[] => []);
  for (const [i, stem] of images.entries()) {
    const hr = truths?.files.has(stem) ? await openImage(truths.files.get(stem)!, faults) : null;
    notes.push(...hr?.notes ?? []);
    for (const [f, folder] of folders.entries()) {
      if (signal?.aborted) throw new StoppedError("Stopped: the same command goes on from here");
      const path = folder.files.get(stem);
      const read = path === undefined ? null : await openImage(path, faults);
      notes.push(...read?.notes ?? []);
      const sr = read && fit(read, hr, folder === low, path!, faults);
      const values = sr ? await measureImage({ sr, hr }, opened, protocol, cache) : {};
      for (const [metric, value] of Object.entries(values)) {
        if (typeof value === "string") faults.push({ file: path!, metric, reason: value });
      }
      rows[f].push(values);
      onProgress?.(i * folders.length + f + 1, images.length * folders.length);
    }
  }
  const metrics = opened.metrics.map(({ record }) => column(record)), names = metrics.map(({ name }) => name);
  const evaluated = folders.map(({ name }, f): EvaluatedFolder => {
    const perImage = Object.fromEntries(
      names.map((metric) => [metric, rows[f].map((row) => numberOrNull(row[metric]))]),
    );
    const summary = Object.fromEntries(names.map((metric) => [metric, summarise(perImage[metric])]));
    return { name, perImage, summary };
  });
  return {
    protocol,
    protocolText: describeProtocol(protocol),
    metrics,
    unavailable: opened.unavailable,
    weights: opened.hashes,
    images,
    folders: evaluated,
    comparisons: compareFolders(evaluated, names),
    agreement: evaluated.flatMap((folder) => rankAgreement(folder, metrics)),
    notes,
    faults,
  };
}

/** The result in the size of its truth; null, with a fault, where it has another. */
function fit(
  image: OpenedImage,
  hr: OpenedImage | null,
  enlarge: boolean,
  file: string,
  faults: EvaluationFault[],
): OpenedImage | null {
  if (hr === null) return enlarge ? null : image;
  const { width, height } = hr.raster, raster = image.raster;
  if (!enlarge && raster.width === width && raster.height === height) return image;
  const scale = width / raster.width;
  if (enlarge && Number.isInteger(scale) && height === raster.height * scale) {
    return { ...image, raster: resizeBicubic(raster, scale, { uint8: true }), hash: `${image.hash} x${scale}` };
  }
  const rule = enlarge ? "the size of its truth must be a whole multiple" : "it must have the size of its truth";
  faults.push({ file, reason: `${rule}: ${raster.width} x ${raster.height}, truth ${width} x ${height}` });
  return null;
}

/** Folders of one name are told apart by a number. */
function distinct(folders: readonly ImageFolder[]): ImageFolder[] {
  return folders.map((folder, i) => {
    const before = folders.slice(0, i).filter(({ name }) => name === folder.name).length;
    return before === 0 ? folder : { ...folder, name: `${folder.name}#${before + 1}` };
  });
}

function numberOrNull(value: number | string | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function column({ name, label, unit, better, digits, reference, source }: RatedMetric) {
  return { name, label, unit, better, digits, reference, source };
}
