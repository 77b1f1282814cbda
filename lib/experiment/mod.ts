/** Experiments: settings, stages, runner, results and their statistics. */
export {
  adversarialArm,
  type Arm,
  type ArmInput,
  type ArmText,
  continuedArms,
  type DistillArm,
  type FinetuneArm,
  type PreferenceArm,
  rolloutArm,
  type SftArm,
  sftArm,
  staticArm,
} from "./arms.ts";
export {
  type Claim,
  type ExperimentConfig,
  type Overrides,
  type ResolvedExperiment,
  resolveExperiment,
} from "./config.ts";
export type { RunData } from "./data.ts";
export {
  type ComparisonCell,
  type ComparisonFolder,
  type ComparisonRow,
  type CropRequest,
  readComparison,
} from "./comparison/comparison.ts";
export type { Overlay, OverlayMark, OverlaySource } from "./comparison/overlay.ts";
export { openDetections, openLabelMaps, openTexts } from "./comparison/overlay_sources.ts";
export * from "./downstream/downstream.ts";
export { type Predictions, scoreCoco, scoreOcr } from "./downstream/score_detection.ts";
export { type LabelChoices, scoreSegmentation } from "./downstream/score_segmentation.ts";
export { scoreStudy } from "./downstream/score_study.ts";
export { type StudyIntervals, studyIntervals } from "./downstream/study_intervals.ts";
export { addDownstream, downstreamCsv } from "./downstream/store.ts";
export { type EvaluationClaim, requireSameEvaluation } from "./evaluation/claim.ts";
export { evaluationCsv } from "./evaluation/csv.ts";
export { evaluateFolders, type EvaluateFoldersOptions } from "./evaluation/evaluate_folders.ts";
export * from "./evaluation/evaluation.ts";
export type { CellCurve, CellPoint, ResultCell } from "./cells/cell.ts";
export { type CellFolders, readCells } from "./cells/store.ts";
export type { MemoryNeeds } from "./evaluation/memory.ts";
export type { NameAffixes } from "./evaluation/names.ts";
export type { RunEvent } from "./events.ts";
export * from "./measurement.ts";
export * from "./models/mod.ts";
export { exportTrainingCrops } from "./export_crops.ts";
export { estimatePaperRun, type PaperEstimate, refusePaperPreset } from "./paper_preset.ts";
export { pinnedSettings } from "./pinned.ts";
export { type Preset, type PresetName, presets } from "./presets.ts";
export * from "./results.ts";
export { listRuns, type RunStatus, type RunSummary, TRAINING } from "./run_folder.ts";
export { runExperiment, type RunOutput } from "./runner.ts";
export { type PreparedData, type RunOptions } from "./supervise.ts";
export { resolveMeasurement, runMeasurement } from "./measurements/run.ts";
export type {
  AdversarySettings,
  AlignmentSettings,
  ArtifactSettings,
  ArtifactSourceSettings,
  BackboneInput,
  BackboneSettings,
  DataSettings,
  EvaluationSettings,
  FluxBackboneSettings,
  LoraSettings,
  OptimizationSettings,
  RolloutSettings,
  Settings,
  SettingsInput,
  SftSettings,
  SmallBackboneSettings,
  TrainedSource,
} from "./schema/mod.ts";
export { trainedSources } from "./schema/mod.ts";
export * from "./statistics/mod.ts";
export * from "./restore/mod.ts";
export { openStudy, type Study, type StudyGroup } from "./study/study.ts";
export type { StudyMethod } from "./study/study_images.ts";
export * from "./training/mod.ts";
