/**
 * What a finished run says: plain records, written as `results.json` and drawn by lib/view.
 *
 * Times are kept apart (`timings.json`), so that two runs of the same settings on the same engine give the same bytes.
 */

/** Where a number came from: enough to repeat it. */
export interface Environment {
  /** `cpu`, `gpu` or `wasm`. */
  readonly engine: string;
  /** Version of TensorFlow, or of tfjs on wasm. */
  readonly engineVersion: string;
  /** Intra-op threads: they decide the last bits of every result. */
  readonly threads: number;
  /** Version of Deno. */
  readonly deno: string;
  /** Operating system and processor, such as `linux-x86_64`. */
  readonly platform: string;
  /** Commit that put the results together, marked where files differ from it; `unknown` outside a clone. */
  readonly commit: string;
  /** Commits that computed the stages, which may be older; absent in results of before they were kept. */
  readonly stageCommits?: readonly string[];
}

/** A metric as the tables print it. */
export interface MetricColumn {
  /** Key in every record of values, for instance `psnrDb`. */
  readonly name: string;
  /** Heading of its column. */
  readonly label: string;
  /** Unit of its values, such as `dB`; empty for a plain number. */
  readonly unit: string;
  /** `one`: best at 1 (the high-frequency ratio). */
  readonly better: "higher" | "lower" | "one";
  /** Decimals to print. */
  readonly digits: number;
  /** One value per image, or one per set of images. */
  readonly level: "image" | "set";
  /** What it measures, or who defined it. */
  readonly source?: string;
}

/** What kind of thing a point is. */
export type PointKind = "arm" | "armMix" | "sampler" | "mix" | "baseline";

/** One trained arm or training-free control, evaluated on the test crops of every seed. */
export interface Point {
  /** `sobolev-asdpo`, `sft@8`, `sft-midpoint@4`, `sft-mix@0.8`, `bicubic`. */
  readonly id: string;
  /** Name in tables and figures. */
  readonly label: string;
  /** What kind of thing it is. */
  readonly kind: PointKind;
  /** One line on what it is, printed below the tables. */
  readonly description: string;
  /** Network evaluations per image. */
  readonly evaluations: number;
  /** Its values at every seed, in the order of `Results.seeds`. */
  readonly perSeed: readonly PointSeed[];
}

/** One point at one seed. */
export interface PointSeed {
  /** The seed. */
  readonly seed: number;
  /** Metric name to one value per test crop, in the order of `Results.testIds`. */
  readonly perImage: Readonly<Record<string, readonly number[]>>;
  /** Every metric over the whole set: means of the per-image ones, and those that exist only for a set. */
  readonly values: Readonly<Record<string, number>>;
}

/** A training curve: one value per logged step. */
export interface Curve {
  /** `sft`, `adversary` or the id of an arm. */
  readonly stage: string;
  /** Name in figures. */
  readonly label: string;
  /** The seed that it was trained with. */
  readonly seed: number;
  /** Optimizer steps of the values, ascending, from 1. */
  readonly steps: readonly number[];
  /** One value per step and number: `loss`, `gradientNorm`, `winnerGap`, `loserGap`, `accuracy`, `margin`, ... */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Set where the health gate closed: what was measured and the limit. */
  readonly health?: { readonly healthy: boolean; readonly winnerGap: number; readonly limit: number };
}

/** Radially averaged power spectrum of a set of images, mean over the seeds (Fig. 3). */
export interface Spectrum {
  /** `truth`, `bicubic` or the id of an arm. */
  readonly id: string;
  /** Name in figures. */
  readonly label: string;
  /** Cycles per pixel, ascending. */
  readonly frequency: readonly number[];
  /** Mean power at each frequency. */
  readonly power: readonly number[];
}

/** A difference `arm - control`, paired by image and noise, with its hierarchical bootstrap interval. */
export interface Comparison {
  /** Name of the metric. */
  readonly metric: string;
  /** Id of the arm. */
  readonly arm: string;
  /** Id of the control. */
  readonly control: string;
  /** Mean difference over seeds and images, in the metric's unit. */
  readonly mean: number;
  /** Lower end of the interval; null where nothing bounds it, as with one seed and a metric of the whole set. */
  readonly low: number | null;
  /** Upper end of the interval; null with `low`. */
  readonly high: number | null;
  /** Mean difference at every seed. */
  readonly perSeed: readonly number[];
  /** Cohen's d_z of the images' means over seeds: mean over standard deviation; null for a metric of the whole set. */
  readonly effectSize: number | null;
  /** Holm-corrected two-sided p-value (seeds and images both random), over all comparisons of the metric. */
  readonly pHolm: number;
}

/** Whether a direction of the paper appears here. */
export type Verdict = "reproduced" | "not resolved" | "contradicted";

/** One ordering that the paper claims, beside ours. */
export interface Direction {
  /** Name of the metric. */
  readonly metric: string;
  /** Id of the arm or control that is better by the paper. */
  readonly better: string;
  /** Id of the one that is worse. */
  readonly worse: string;
  /** The paper's values of both, in the paper's unit; null where the paper prints none. */
  readonly paper: { readonly better: number; readonly worse: number } | null;
  /** `better - worse`, ours. */
  readonly mean: number;
  /** Lower end of the interval of `mean`; null where nothing bounds it. */
  readonly low: number | null;
  /** Upper end of the interval; null with `low`. */
  readonly high: number | null;
  /** Cohen's d_z of the images' means over seeds: mean over standard deviation; null for a metric of the whole set. */
  readonly effectSize: number | null;
  /** Holm-corrected two-sided p-value (seeds and images both random), over all directions of the experiment. */
  readonly pHolm: number;
  /** What the interval says of the direction. */
  readonly verdict: Verdict;
  /** A reading or caveat, for instance which negatives the paper's row is read as. */
  readonly note?: string;
  /** Another reading of an ordering that is listed before: not counted again. */
  readonly alternative?: boolean;
}

/** Distance of an arm from a frontier at equal realism. */
export interface Offset {
  /** Id of the arm. */
  readonly point: string;
  /** SFT at several Euler step counts; or, at each place, the better of that and the mixes with the posterior mean. */
  readonly frontier: "euler" | "envelope";
  /** The metric that is compared, for instance `psnrDb`. */
  readonly metric: string;
  /** The realism that is held equal: `swd` or `hfRatio`. */
  readonly at: string;
  /** Arm less frontier, mean over the seeds; null where the arm lies outside the frontier's range at every seed. */
  readonly mean: number | null;
  /** Standard deviation over the seeds; null for fewer than two. */
  readonly sd: number | null;
  /** Lower end of its hierarchical bootstrap interval; null where nothing bounds it. */
  readonly low: number | null;
  /** Upper end of the interval; null with `low`. */
  readonly high: number | null;
  /** p-value of "the arm lies on the frontier", corrected by Holm over all arms; null where the arm lies outside. */
  readonly pHolm: number | null;
  /** Offset at every seed; null where the arm lies outside the frontier's range at that seed. */
  readonly perSeed: readonly (number | null)[];
  /** Seeds at which the arm lies outside. */
  readonly outside: number;
}

/** The paper's table as printed, for the page that shows it beside ours. */
export interface PaperTable {
  /** Number of the table, such as `Table 3, guidance`. */
  readonly name: string;
  /** What it compares. */
  readonly caption: string;
  /** From left to right. */
  readonly columns: readonly {
    /** Heading as printed. */
    readonly label: string;
    /** The metric here that stands for the column; null where there is none. */
    readonly metric: string | null;
    /** Direction of the arrow at the heading. */
    readonly better: "higher" | "lower";
  }[];
  /** From top to bottom. */
  readonly rows: readonly {
    /** Name as printed. */
    readonly label: string;
    /** The arm here that stands for the row. */
    readonly arm: string;
    /** One per column, as printed. */
    readonly values: readonly number[];
  }[];
}

/** A strip of images, as a PNG file beside `results.json`. */
export interface StripFile {
  /** The crop that it shows. */
  readonly title: string;
  /** Relative to the folder of `results.json`. */
  readonly file: string;
  /** Where its images stand, side by side; absent in results of before it was kept. */
  readonly panes?: StripPanes;
}

/** Where the images of a strip stand, in its pixels. */
export interface StripPanes {
  /** What each shows, from left to right. */
  readonly names: readonly string[];
  /** Left end of the first. */
  readonly left: number;
  /** Upper end. */
  readonly top: number;
  /** Width of each. */
  readonly width: number;
  /** Height of each. */
  readonly height: number;
  /** From the left end of one to that of the next. */
  readonly step: number;
}

/** A finished experiment. */
export interface Results {
  /** Name of the experiment, such as `table3`. */
  readonly experiment: string;
  /** Title of the page. */
  readonly title: string;
  /** What the paper claims, in a sentence. */
  readonly claim: string;
  /** Set where the paper claims nothing of it: `claim` is then a question of this project. */
  readonly own?: true;
  /** The command that gives these results again. */
  readonly command: string;
  /** Name of the preset. */
  readonly preset: string;
  /** What it was computed on. */
  readonly environment: Environment;
  /** The fully resolved settings. */
  readonly settings: unknown;
  /** sha256 of settings, arms, engine kind and threads. */
  readonly settingsHash: string;
  /** Colour space, crop, rounding, data and noise: printed with every table. */
  readonly protocol: string;
  /** Which images and crops: sources, counts, sizes, degradation. */
  readonly dataDescription: string;
  /** Seeds, in the order of every record by seed. */
  readonly seeds: readonly number[];
  /** Ids of the test crops, in the order of every record by image. */
  readonly testIds: readonly string[];
  /** The metrics that crops of this size allow. */
  readonly metrics: readonly MetricColumn[];
  /** Arms, training-free controls and baseline. */
  readonly points: readonly Point[];
  /** Every tuned arm against every control, metric by metric. */
  readonly comparisons: readonly Comparison[];
  /** The paper's orderings beside ours. */
  readonly directions: readonly Direction[];
  /** Tuned arms against the frontiers of the training-free controls. */
  readonly offsets: readonly Offset[];
  /** Curves of every training, thinned. */
  readonly curves: readonly Curve[];
  /** Spectra of truth, baseline and arms. */
  readonly spectra: readonly Spectrum[];
  /** Strips of the first test crops. */
  readonly strips: readonly StripFile[];
  /** The paper's tables as printed. */
  readonly paperTables: readonly PaperTable[];
  /** Every departure from the paper, one sentence each. */
  readonly departures: readonly string[];
  /** Conversions and warnings met on the way. */
  readonly notes: readonly string[];
  /** sha256 of the `params.safetensors` of every trained network, by arm and seed. */
  readonly checkpoints: Readonly<Record<string, string>>;
  /** Hash of the stage that trained each of them, by the same names; absent in results of before they were kept. */
  readonly stages?: Readonly<Record<string, string>>;
}
