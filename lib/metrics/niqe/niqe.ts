import { type MetricImage, prepareImage } from "../prepared.ts";
import { type Protocol, protocols } from "../protocol.ts";
import { NIQE_FEATURES, niqeFeatures } from "./features.ts";
import { type FeatureGaussian, fitGaussian } from "./gaussian_fit.ts";
import { niqePlane } from "./niqe_plane.ts";
import { inverseQuadraticForm } from "./pseudo_inverse.ts";

/** A model of natural images: a Gaussian of the 36 features of their sharp blocks. */
export interface NiqeModel extends FeatureGaussian {
  /** Where its images came from; scores of different models cannot be compared. */
  readonly source: string;
}

/**
 * Measure how far an image lies from natural ones (NIQE; Mittal, Soundararajan and Bovik 2013): the distance of the
 * Gaussian of its blocks' features from that of pristine images. It needs no truth.
 *
 * Only whole blocks of 96 x 96 from the top left are seen. An image with a single block has no covariance of its own: it
 * counts as zero (as in pyiqa; the authors' code fails). A constant block has no features and is left out of the means.
 *
 * @param image The image.
 * @param model Pristine model: {@link readNiqeModel} or {@link fitNiqe}.
 * @param protocol Decides the luma, its rounding and the border (`niqe`).
 * @returns At least 0, lower is better; NaN where no block has every feature, as in a constant image.
 * @throws {RangeError} If a side is below 96 px after cropping.
 */
export function niqe(image: MetricImage, model: NiqeModel, protocol: Protocol = protocols.paper): number {
  const { values } = niqeFeatures(niqePlane(prepareImage(image, protocol).image, protocol.niqe));
  const own = fitGaussian(values, NIQE_FEATURES);
  const gap = model.mean.map((value, i) => value - own.mean[i]);
  if (gap.some(Number.isNaN)) return NaN;
  return Math.sqrt(inverseQuadraticForm(model.covariance.map((value, i) => (value + own.covariance[i]) / 2), gap));
}
