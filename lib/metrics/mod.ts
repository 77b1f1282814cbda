/** Measures of images against their truths, each under a named protocol. @module */
export { metrics } from "./catalogue.ts";
export { chooseMetrics, imageMetrics, protocolGaps, protocolMetrics } from "./choose.ts";
export { describeProtocol } from "./describe_protocol.ts";
export { evaluate, type EvaluateOptions, type Evaluation, metricsFor, prepareSet } from "./evaluate.ts";
export { experimentMetrics, spectralMetrics } from "./experiment_metrics.ts";
export { fsim, fsimc } from "./fsim/fsim.ts";
export { phaseCongruency } from "./fsim/phase_congruency.ts";
export { gmsd } from "./gmsd.ts";
export { hfRatio } from "./hf_ratio.ts";
export { lsd, type LsdBase, type LsdOptions } from "./lsd.ts";
export { msssim } from "./msssim.ts";
export { type Aggd, fitAggd } from "./niqe/aggd.ts";
export { blockFeatures, type NiqeFeatures, niqeFeatures } from "./niqe/features.ts";
export { type FeatureGaussian, fitGaussian } from "./niqe/gaussian_fit.ts";
export { fitNiqe, readNiqeModel, writeNiqeModel } from "./niqe/model.ts";
export { normaliseContrast, type Normalised } from "./niqe/mscn.ts";
export { niqe, type NiqeModel } from "./niqe/niqe.ts";
export { type NiqeChoices, niqePlane } from "./niqe/niqe_plane.ts";
export type { Plane } from "./plane.ts";
export { type MetricImage, type PreparedImage, prepareImage, preparePair } from "./prepared.ts";
export { type Protocol, type ProtocolName, protocols, protocolUses } from "./protocol.ts";
export * from "./networks/mod.ts";
export { psdDistance } from "./psd_distance.ts";
export { psnr } from "./psnr.ts";
export type {
  ImageMetric,
  Metric,
  MetricRecord,
  OpenMetric,
  PixelMetric,
  SetMetric,
  SpectralMetric,
  WeightsFile,
} from "./record.ts";
export { radialLsd } from "./radial_lsd.ts";
export type { Halves } from "./rounded_luma.ts";
export { slicedWasserstein } from "./sliced_wasserstein.ts";
export { imageSpectrum, meanSpectrum, type SetSpectrum, setSpectrum } from "./spectrum.ts";
export {
  boxIou,
  type CocoAnnotation,
  type CocoBox,
  type CocoDetection,
  type CocoScores,
  cocoScores,
  type CocoTruth,
} from "./tasks/coco.ts";
export { readCocoDetections, readCocoTruth } from "./tasks/coco_file.ts";
export { type LabelMap, readLabelMap } from "./tasks/label_map.ts";
export { type Corner, intersectionArea, isSimple, polygonArea } from "./tasks/polygon.ts";
export { polygonMask, readMask } from "./tasks/polygon_mask.ts";
export { type CocoSegmentation, decodeRuns, encodeRuns, maskArea, maskIou, type RunLengths } from "./tasks/rle.ts";
export {
  type LabelPair,
  reduceZeroLabel,
  type SegmentationCounter,
  segmentationCounter,
  type SegmentationScores,
  segmentationScores,
} from "./tasks/segmentation.ts";
export {
  polygonIou,
  type TextImage,
  type TextMatches,
  type TextRegion,
  type TextScores,
  textScores,
} from "./tasks/text_detection.ts";
export { parseRankings, personKey, type Ranking } from "./tasks/rankings_file.ts";
export { readStudy, type StudyRanks } from "./tasks/study_file.ts";
export { readTextRegions } from "./tasks/text_file.ts";
export { competitionRanks, type StudyScores, studyScores } from "./tasks/user_study.ts";
export { ssim } from "./ssim.ts";
export { uniformSsim } from "./uniform_ssim.ts";
export { missingWeights, needs, openMetric, weightsPaths } from "./weights.ts";
