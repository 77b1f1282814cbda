/** Image pairs: folders and procedural images, degradation, splits and crops. @module */
export { collectPairs, conditionOf, joinPairs, type NamedPair, signedPixels } from "./collect_pairs.ts";
export { type DegradationStage, degradationStages, degrade } from "./degradation/degrade.ts";
export { describeStep } from "./degradation/describe.ts";
export {
  type DegradedRecord,
  type DegradedResult,
  degradeFile,
  type DegradeJob,
  type DegradeSettings,
  isRecord,
  readRecord,
} from "./degrade_file.ts";
export { diffJpeg } from "./degradation/diff_jpeg.ts";
export { drawRecipe } from "./degradation/draw.ts";
export { filter2D } from "./degradation/filter.ts";
export { blurKernel, type Kernel, type KernelSpec } from "./degradation/kernels.ts";
export { addGaussianNoise, addPoissonNoise } from "./degradation/noise.ts";
export {
  type DegradationPreset,
  degradationPresets,
  type DegradationStep,
  type Recipe,
  type ResizeMode,
} from "./degradation/recipe.ts";
export { sharpen } from "./degradation/sharpen.ts";
export { type ImageFile, listImages, type LoadedImages, loadImages, type LoadOptions } from "./folders.ts";
export {
  drawPair,
  type ImageFacts,
  type PairOptions,
  type PairRecord,
  type RenderedPair,
  renderPair,
  renderTruth,
} from "./pair_record.ts";
export { centredBox, centredPair, type PatchOptions, planPatch, type SmallImages } from "./patches.ts";
export { batchOf, type Flip, type PairSet, type TrainingPairs, truthShape } from "./pair_set.ts";
export { buildPairs, type BuildPairsOptions, type BuiltPairs } from "./pairs.ts";
export { PROCEDURAL_SIZE, proceduralImage } from "./procedural/procedural_image.ts";
export { memoryImage, proceduralImages, type ProceduralOptions, type SourceImage } from "./source_image.ts";
export { type Split, splitImages } from "./split.ts";
export { type InspectedFile, type Inspection, inspectSet } from "./sets/inspect.ts";
export { type FileRole, type Place, recogniseSet, type SetLayout, setLayouts, type SetName } from "./sets/layouts.ts";
export { checkRatio, type ImageSet, openSet, readEntry, type SetEntry } from "./sets/open_set.ts";
export { type CocoFile, type CocoImage, type CocoObject, scaleCoco } from "./sets/coco.ts";
export type { CocoRuns } from "./sets/coco_mask.ts";
export { formatTextLabels, moveWords, parseTextLabels, type TextFrame, type TextWord } from "./sets/text_labels.ts";
