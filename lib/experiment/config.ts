import { z } from "zod";
import { UsageError } from "../core/mod.ts";
import { type Arm, type ArmInput, armSchema } from "./arms.ts";
import type { ExperimentText } from "./measurement.ts";
import { type PresetName, presets } from "./presets.ts";
import type { PaperTable } from "./results.ts";
import { type ArtifactSourceSettings, type Settings, type SettingsInput, settingsSchema } from "./schema/mod.ts";

/** An ordering that the paper claims: `better` has the better value of `metric` than `worse`. */
export interface Claim {
  /** Name of the metric, such as `psnrDb`. */
  readonly metric: string;
  /** Id of the arm or control that is better by the claim. */
  readonly better: string;
  /** Id of the one that is worse. */
  readonly worse: string;
  /** The paper's values of both, in the paper's unit; null where it prints none. */
  readonly paper: { readonly better: number; readonly worse: number } | null;
  /** A reading or caveat, printed beside the verdict. */
  readonly note?: string;
  /** Another reading of a claim that is listed before: judged and shown, but not counted again. */
  readonly alternative?: boolean;
}

/** One table or figure of the paper that compares arms, as a folder under `experiments/` states it. */
export interface ExperimentConfig extends ExperimentText {
  /** Arms by id, in the order of the tables. */
  readonly arms: Readonly<Record<string, ArmInput>>;
  /** Ids of the arms and controls that every other arm is compared with, the main one first. */
  readonly controls: readonly string[];
  /** Orderings to judge. */
  readonly claims: readonly Claim[];
  /** Tables of the paper, to be shown beside ours. */
  readonly paperTables: readonly PaperTable[];
  /** What differs from the presets. */
  readonly settings?: SettingsInput;
  /** What differs from one preset alone, over `settings`. */
  readonly presetSettings?: Readonly<Partial<Record<PresetName, SettingsInput>>>;
}

/** An experiment with every default filled in: what is pinned, hashed and run. */
export interface ResolvedExperiment {
  /** What it was resolved from. */
  readonly config: ExperimentConfig;
  /** The preset below it. */
  readonly preset: PresetName;
  /** The chosen arms by id; the supervised reference is always among them. */
  readonly arms: Readonly<Record<string, Arm>>;
  /** Everything else that decides the results. */
  readonly settings: Settings;
}

/** What the command line may change. */
export interface Overrides {
  /** Folders of training photographs. */
  readonly data?: readonly string[];
  /** Folders of test photographs. */
  readonly test?: readonly string[];
  /** Ids of the arms to run; all by default. */
  readonly arms?: readonly string[];
  /** Seeds in place of the preset's. */
  readonly seeds?: readonly number[];
  /** Sources of artifacts in place of those that the run trains. */
  readonly sources?: readonly ArtifactSourceSettings[];
  /** Folder of the weights of published restorers. */
  readonly weights?: string;
  /** Folder of the weights of LPIPS and DISTS. */
  readonly metricWeights?: string;
}

/**
 * Resolves an experiment: schema defaults (the paper's), then the preset, the experiment, the command line.
 *
 * @throws {UsageError} If a key is unknown, a value out of range, or an arm does not exist.
 */
export function resolveExperiment(
  config: ExperimentConfig,
  preset: PresetName,
  overrides: Overrides = {},
): ResolvedExperiment {
  const layers = [config.settings ?? {}, config.presetSettings?.[preset] ?? {}];
  const merged = mergeSettings(layers.reduce(mergeSettings, presets[preset].settings), {
    data: {
      ...(overrides.data?.length ? { train: [...overrides.data] } : {}),
      ...(overrides.test?.length ? { test: [...overrides.test] } : {}),
    },
    ...(overrides.seeds?.length ? { seeds: [...overrides.seeds] } : {}),
    artifacts: {
      ...(overrides.sources?.length ? { sources: overrides.sources } : {}),
      ...(overrides.weights === undefined ? {} : { weights: overrides.weights }),
    },
    ...(overrides.metricWeights === undefined ? {} : { evaluation: { weights: overrides.metricWeights } }),
  });
  const settings = parse(settingsSchema, merged, `settings of ${config.name}`);
  return { config, preset, arms: selectArms(config, settings, overrides.arms), settings };
}

function selectArms(config: ExperimentConfig, { lora }: Settings, wanted?: readonly string[]): Record<string, Arm> {
  const names = Object.keys(config.arms);
  for (const name of wanted ?? []) {
    if (!names.includes(name)) {
      throw new UsageError(`Cannot run arm as ${config.name} has ${names.join(", ")}: current value is ${name}`);
    }
  }
  // The reference is what everything is measured against: it is always there.
  const kept = names.filter((name) => !wanted?.length || wanted.includes(name) || config.arms[name].method === "sft");
  return Object.fromEntries(kept.map((name) => {
    const arm = parse(armSchema, config.arms[name], `arm ${name}`);
    // The rank that every adversary has is left out: an arm that spells it is the arm that does not, with its cells.
    return [
      name,
      "adversaryRank" in arm && arm.adversaryRank === lora.rank ? { ...arm, adversaryRank: undefined } : arm,
    ];
  }));
}

/** Sections are merged key by key; a section that names another `kind` replaces the one below it. */
function mergeSettings(base: SettingsInput, over: SettingsInput): SettingsInput {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    const sameSection = isRecord(value) && isRecord(below) && (value.kind ?? below.kind) === below.kind;
    merged[key] = sameSection ? { ...below, ...value } : value;
  }
  return merged as SettingsInput;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse<T>(schema: z.ZodType<T, unknown>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UsageError(`Cannot read ${what} as ${issue.path.join(".") || "it"} is wrong: ${issue.message}`);
}
