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
  extends Pick<ImageMetric, "name" | "label" | "unit" | "better" | "digits" | "reference" | "source"> {
  /** `not available: needs FILE`; null where it was measured. */
  readonly unavailable: string | null;
  /** What its file of parameters says of itself; null where it says nothing or has not been read. */
  readonly parameters: string | null;
}

/** The results of one folder. */
export interface EvaluatedFolder {
  /** Name of the folder, or `bicubic` for the enlarged low-resolution images. */
  readonly name: string;
  /** Metric to one value an image, in the order of `images`; null where it could not be measured. */
  readonly perImage: Readonly<Record<string, readonly (number | null)[]>>;
  /** Metric to mean and 95 % bootstrap interval over the images that were measured. */
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
  /** Images measured. */
  readonly count: number;
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
  /** 95 % bootstrap interval; null where nothing bounds it. */
  readonly low: number | null;
  /** As `low`. */
  readonly high: number | null;
  /** Two-sided p-value, corrected by Holm over all comparisons. */
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
  /** Files that metrics need and that are not there. */
  readonly missing: readonly WeightsFile[];
  /** The engine that networks ran on; null where there was none. */
  readonly engine: string | null;
  /** SHA-256 of every file of parameters in use. */
  readonly weights: Readonly<Record<string, string>>;
  /** Names of the images, without their ending. */
  readonly images: readonly string[];
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
