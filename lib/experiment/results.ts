/**
 * What a finished run says: plain records, written as `results.json` and drawn by lib/view.
 *
 * Times are kept apart (`timings.json`), so that two runs of the same settings on the same engine give the same bytes.
 */

/** Where a number came from: enough to repeat it. */
export interface Environment {
  readonly engine: string;
  readonly engineVersion: string;
  /** Intra-op threads: they decide the last bits of every result. */
  readonly threads: number;
  readonly deno: string;
  readonly platform: string;
  readonly commit: string;
}

/** A metric as the tables print it. */
export interface MetricColumn {
  /** Key in every record of values, for instance `psnrDb`. */
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  /** `one`: best at 1 (the high-frequency ratio). */
  readonly better: "higher" | "lower" | "one";
  /** Decimals to print. */
  readonly digits: number;
  /** One value per image, or one per set of images. */
  readonly level: "image" | "set";
}

/** What kind of thing a point is. */
export type PointKind = "arm" | "sampler" | "mix" | "baseline";

/** One trained arm or training-free control, evaluated on the test crops of every seed. */
export interface Point {
  /** `sobolev-asdpo`, `sft@8`, `sft-midpoint@4`, `sft@28mix0.8`, `bicubic`. */
  readonly id: string;
  readonly label: string;
  readonly kind: PointKind;
  /** One line on what it is, printed below the tables. */
  readonly description: string;
  /** Network evaluations per image. */
  readonly evaluations: number;
  readonly perSeed: readonly PointSeed[];
}

/** One point at one seed. */
export interface PointSeed {
  readonly seed: number;
  /** Metric name to one value per test crop, in the order of `Results.testIds`. */
  readonly perImage: Readonly<Record<string, readonly number[]>>;
  /** Every metric over the whole set: means of the per-image ones, and those that exist only for a set. */
  readonly values: Readonly<Record<string, number>>;
}

/** A training curve: one value per logged step. */
export interface Curve {
  /** `sft`, `restorer`, `adversary` or the id of an arm. */
  readonly stage: string;
  readonly label: string;
  readonly seed: number;
  readonly steps: readonly number[];
  /** `loss`, `gradientNorm`, `winnerGap`, `loserGap`, `accuracy`, `margin`, ... */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Set where the health gate closed: what was measured and the limit. */
  readonly health?: { readonly healthy: boolean; readonly winnerGap: number; readonly limit: number };
}

/** Radially averaged power spectrum of a set of images, mean over the seeds (Fig. 3). */
export interface Spectrum {
  readonly id: string;
  readonly label: string;
  /** Cycles per pixel. */
  readonly frequency: readonly number[];
  readonly power: readonly number[];
}

/** A difference `arm - control`, paired by image and noise, with its hierarchical bootstrap interval. */
export interface Comparison {
  readonly metric: string;
  readonly arm: string;
  readonly control: string;
  readonly mean: number;
  /** Null where nothing bounds the interval, as with one seed and a metric of the whole set. */
  readonly low: number | null;
  readonly high: number | null;
  readonly perSeed: readonly number[];
  /** Holm-corrected two-sided p-value (seeds and images both random), over all comparisons of the metric. */
  readonly pHolm: number;
}

/** Whether a direction of the paper appears here. */
export type Verdict = "reproduced" | "not resolved" | "contradicted";

/** One ordering that the paper claims, beside ours. */
export interface Direction {
  readonly metric: string;
  readonly better: string;
  readonly worse: string;
  /** The paper's values of both, in the paper's unit; null where the paper prints none. */
  readonly paper: { readonly better: number; readonly worse: number } | null;
  /** `better - worse`, ours. */
  readonly mean: number;
  /** Null where nothing bounds the interval. */
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: Verdict;
  /** A reading or caveat, for instance which negatives the paper's row is read as. */
  readonly note?: string;
}

/** Distance of an arm from a frontier at equal realism (science-frontier.md's comparison). */
export interface Offset {
  readonly point: string;
  readonly frontier: "euler" | "envelope";
  /** The metric that is compared, for instance `psnrDb`. */
  readonly metric: string;
  /** The realism that is held equal: `swd` or `hfRatio`. */
  readonly at: string;
  /** Null where the arm lies outside the frontier's range at every seed. */
  readonly mean: number | null;
  /** Over the seeds; null for fewer than two. */
  readonly sd: number | null;
  /** Null where the arm lies outside the frontier's range at that seed. */
  readonly perSeed: readonly (number | null)[];
  readonly outside: number;
}

/** The paper's table as printed, for the page that shows it beside ours. */
export interface PaperTable {
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly {
    readonly label: string;
    readonly metric: string | null;
    readonly better: "higher" | "lower";
  }[];
  readonly rows: readonly {
    readonly label: string;
    /** The arm here that stands for the row. */
    readonly arm: string;
    readonly values: readonly number[];
  }[];
}

/** A strip of images, as a PNG file beside `results.json`. */
export interface StripFile {
  readonly title: string;
  /** Relative to the folder of `results.json`. */
  readonly file: string;
}

/** A finished experiment. */
export interface Results {
  readonly experiment: string;
  readonly title: string;
  readonly claim: string;
  readonly command: string;
  readonly preset: string;
  readonly environment: Environment;
  /** The fully resolved settings. */
  readonly settings: unknown;
  readonly settingsHash: string;
  /** Colour space, crop, rounding, data and noise: printed with every table. */
  readonly protocol: string;
  /** Which images: sources, counts, sizes, hash of the list. */
  readonly dataDescription: string;
  readonly seeds: readonly number[];
  readonly testIds: readonly string[];
  readonly metrics: readonly MetricColumn[];
  readonly points: readonly Point[];
  readonly comparisons: readonly Comparison[];
  readonly directions: readonly Direction[];
  readonly offsets: readonly Offset[];
  readonly curves: readonly Curve[];
  readonly spectra: readonly Spectrum[];
  readonly strips: readonly StripFile[];
  readonly paperTables: readonly PaperTable[];
  /** Every departure from the paper, one sentence each. */
  readonly departures: readonly string[];
  /** Conversions and warnings met on the way. */
  readonly notes: readonly string[];
  /** sha256 of every checkpoint by stage and seed. */
  readonly checkpoints: Readonly<Record<string, string>>;
}
