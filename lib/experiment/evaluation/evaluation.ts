import type { ImageMetric, Protocol, WeightsFile } from "../../metrics/mod.ts";

/** What went wrong with a file or one measurement; the rest was done without it. */
export interface EvaluationFault {
  /** Folder and file, or the file of weights. */
  readonly file: string;
  /** The metric that could not be measured; none where the whole file is left out. */
  readonly metric?: string;
  /** One line. */
  readonly reason: string;
}

/** A metric as results keep it. */
export interface EvaluationColumn
  extends Pick<ImageMetric, "name" | "label" | "unit" | "better" | "digits" | "reference" | "source" | "multipleOf"> {
  /** One value per image, or one per folder. */
  readonly level: "image" | "set";
  /** `not available: needs ...`; null where it was measured. */
  readonly unavailable: string | null;
  /** What its file of parameters says of itself; null where it says nothing or has not been read. */
  readonly parameters: string | null;
}

/** Mean power of images by radial frequency (Fig. 3): full-range luma in [0, 1], Hann window. */
export interface EvaluatedSpectrum {
  /** Middle of each ring, in cycles a pixel. */
  readonly frequency: readonly number[];
  /** Mean over the images. */
  readonly power: readonly number[];
}

/** A folder of images that were read. */
export interface EvaluatedSource {
  /** As given. */
  readonly path: string;
  /** Of the names and contents of the images that were read; null where none was. */
  readonly hash: string | null;
  /** Null where it was not asked for, or the images differ in their shorter side. */
  readonly spectrum: EvaluatedSpectrum | null;
}

/** The results of one folder. */
export interface EvaluatedFolder extends EvaluatedSource {
  /** Name of the folder, or `bicubic` for the enlarged low-resolution images; the second of a name ends in `#2`. */
  readonly name: string;
  /** By how much low-resolution images were enlarged; null for results. */
  readonly factors: readonly number[] | null;
  /** Metric to one value an image, in the order of `images`; null where it could not be measured or is infinite. */
  readonly perImage: Readonly<Record<string, readonly (number | null)[]>>;
  /** Metric to the images whose value is infinite, such as the PSNR of equal images where the protocol has no floor. */
  readonly infinite: Readonly<Record<string, readonly string[]>>;
  /** Metric to mean and 95 % bootstrap interval over the images that were measured, without infinite values. */
  readonly summary: Readonly<Record<string, EvaluationSummary>>;
}

/** A mean over images. */
export interface EvaluationSummary {
  /** Null where no image was measured. */
  readonly mean: number | null;
  /** Null where nothing bounds it: fewer than two images. */
  readonly low: number | null;
  /** As `low`. */
  readonly high: number | null;
  /** Images that the mean is over. */
  readonly count: number;
  /** Images whose value is infinite: they are not in the mean. */
  readonly infinite: number;
}

/** The difference of two folders in a metric, paired by image. */
export interface FolderComparison {
  /** Of the metric. */
  readonly metric: string;
  /** Folder that is compared. */
  readonly folder: string;
  /** Folder that it is compared with. */
  readonly control: string;
  /** Mean of `folder - control`. */
  readonly mean: number;
  /** 95 % bootstrap interval, not corrected; null where nothing bounds it. */
  readonly low: number | null;
  /** As `low`. */
  readonly high: number | null;
  /** Two-sided p-value of the paired t-test, corrected by Holm over all comparisons. */
  readonly pHolm: number;
  /** Images that both have. */
  readonly count: number;
}

/** How far two metrics order the images of a folder alike; better counts as higher for both. */
export interface RankAgreement {
  /** Folder. */
  readonly folder: string;
  /** One metric. */
  readonly a: string;
  /** Another. */
  readonly b: string;
  /** Null where one of them does not vary. */
  readonly spearman: number | null;
  /** As `spearman`. */
  readonly kendall: number | null;
  /** Images that have both. */
  readonly count: number;
}

/** What `deno task evaluate` found: plain values, written as JSON. */
export interface FolderEvaluation {
  /** Every choice by which images became numbers. */
  readonly protocol: Protocol;
  /** The same in one line. */
  readonly protocolText: string;
  /** Of the code of the metrics: raised when it gives other numbers of the same image under the same protocol. */
  readonly code: number;
  /** In the order asked for. */
  readonly metrics: readonly EvaluationColumn[];
  /** Networks of the protocol that this project has not, and why. */
  readonly gaps: readonly { readonly name: string; readonly reason: string }[];
  /** Files that metrics need and that are not there. */
  readonly missing: readonly WeightsFile[];
  /** The engine that networks ran on; null where there was none. */
  readonly engine: string | null;
  /** SHA-256 of every file of parameters in use. */
  readonly weights: Readonly<Record<string, string>>;
  /** Names of the images, without their ending. */
  readonly images: readonly string[];
  /** Null where none were given. */
  readonly truths: EvaluatedSource | null;
  /** In the order given; the enlarged low-resolution images last. */
  readonly folders: readonly EvaluatedFolder[];
  /** The first folder against every other. */
  readonly comparisons: readonly FolderComparison[];
  /** Every pair of metrics, folder by folder. */
  readonly agreement: readonly RankAgreement[];
  /** Conversions on reading, such as "gray converted to RGB". */
  readonly notes: readonly string[];
  /** Files left out and values that are missing. */
  readonly faults: readonly EvaluationFault[];
}
