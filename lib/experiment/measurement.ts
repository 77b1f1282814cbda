import type { SettingsInput } from "./schema/mod.ts";
import type { Environment, StripFile, Verdict } from "./results.ts";

/** What every folder of `experiments/` states. */
export interface ExperimentText {
  /** Name of the folder: `table3`. */
  readonly name: string;
  /** `Table 3: guidance and alignment`. */
  readonly title: string;
  /** What the paper claims, in a sentence. */
  readonly claim: string;
  /** Set where the paper claims nothing of it: `claim` is then a question of this project. */
  readonly own?: true;
  /** The command that runs it. */
  readonly command: string;
  /** What it takes, as measured; or what it needs that is not part of the project. */
  readonly cost: string;
  /** Where it departs from the paper, one sentence each. */
  readonly departures: readonly string[];
}

/** What a measurement can measure. */
export type MeasureName = "closed form" | "parametric adversary" | "negatives" | "cost";

/** An experiment that is not made of arms: it measures the reference of every seed. */
export interface MeasurementConfig extends ExperimentText {
  /** What is measured. */
  readonly measure: MeasureName;
  /** What differs from the presets. */
  readonly settings?: SettingsInput;
}

/** An experiment that needs what is not part of the project. */
export interface GivenConfig extends ExperimentText {
  /** What it needs, after "not run: needs". */
  readonly needs: string;
  /** The paper's own numbers, printed where the experiment is named. */
  readonly paper?: readonly MeasurementTable[];
}

/** A table of a measurement. */
export interface MeasurementTable {
  /** What it shows, and under which protocol. */
  readonly caption: string;
  /** Headings, from left to right. */
  readonly columns: readonly string[];
  /** Texts and numbers, from top to bottom; null where nothing was measured. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A statement of the paper beside what was measured here. */
export interface Finding {
  /** The statement. */
  readonly statement: string;
  /** What was measured, with its unit and, where there is one, its interval. */
  readonly measured: string;
  /** What that says of the statement. */
  readonly verdict: Verdict;
}

/** A finished measurement, written as `results.json`. */
export interface MeasurementResults extends Omit<ExperimentText, "name"> {
  /** Name of the experiment. */
  readonly experiment: string;
  /** Name of the preset. */
  readonly preset: string;
  /** What it was computed on. */
  readonly environment: Environment;
  /** The fully resolved settings. */
  readonly settings: unknown;
  /** sha256 of the settings. */
  readonly settingsHash: string;
  /** Which images and crops: sources, counts, sizes, degradation. */
  readonly dataDescription: string;
  /** What was measured. */
  readonly tables: readonly MeasurementTable[];
  /** The paper's statements beside it. */
  readonly findings: readonly Finding[];
  /** Pictures, beside `results.json`. */
  readonly pictures: readonly StripFile[];
  /** Conversions and warnings met on the way. */
  readonly notes: readonly string[];
}
