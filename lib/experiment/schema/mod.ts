/** The settings of a run, section by section: their meaning, their ranges and, where it prints them, the paper's values. */
export type { AlignmentSettings } from "./alignment.ts";
export type { DataSettings } from "./data.ts";
export type { EvaluationSettings } from "./evaluation.ts";
export { count, type Fields, fraction, sobolevIndex } from "./fields.ts";
export {
  type AdversarySettings,
  type ArtifactSettings,
  type ArtifactSourceSettings,
  type RolloutSettings,
  type TrainedSource,
  trainedSources,
} from "./negatives.ts";
export type {
  BackboneInput,
  BackboneSettings,
  FluxBackboneSettings,
  LoraSettings,
  SmallBackboneSettings,
} from "./networks.ts";
export type { OptimizationSettings } from "./optimization.ts";
export { type Settings, type SettingsInput, settingsSchema } from "./settings.ts";
export type { SftSettings } from "./sft.ts";
