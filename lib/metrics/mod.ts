/** Measures of images against their truths, each under a named protocol. @module */
export { type ImageMetric, type Metric, metrics, type SetMetric } from "./catalogue.ts";
export { evaluate, type EvaluateOptions, type Evaluation, metricsFor, prepareSet } from "./evaluate.ts";
export { gmsd } from "./gmsd.ts";
export { hfRatio } from "./hf_ratio.ts";
export { lsd, type LsdBase } from "./lsd.ts";
export { msssim } from "./msssim.ts";
export type { Plane } from "./plane.ts";
export { type MetricImage, type PreparedImage, prepareImage, preparePair } from "./prepared.ts";
export { describeProtocol, type Protocol, type ProtocolName, protocols } from "./protocol.ts";
export { psdDistance } from "./psd_distance.ts";
export { psnr } from "./psnr.ts";
export type { MetricRecord, OpenMetric, RatedMetric, WeightsFile } from "./record.ts";
export { slicedWasserstein } from "./sliced_wasserstein.ts";
export { type SetSpectrum, setSpectrum } from "./spectrum.ts";
export { ssim } from "./ssim.ts";
