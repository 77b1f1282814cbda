import { luma, type LumaSpace, type Raster } from "../../image/mod.ts";
import { type Plane, roundPlane } from "../plane.ts";
import { type MetricImage, prepareImage } from "../prepared.ts";
import { type Protocol, protocols } from "../protocol.ts";
import { checkSide } from "../ssim.ts";
import { NIQE_BLOCK, NIQE_FEATURES, niqeFeatures } from "./features.ts";
import { type FeatureGaussian, fitGaussian } from "./gaussian_fit.ts";
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
 * @param protocol Decides the luma and the border (`niqe`).
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

/** Which luma NIQE takes, and how many pixels are cut off at every side. */
export interface NiqeChoices {
  /** Y, rounded to whole numbers. */
  readonly space: LumaSpace;
  /** Pixels cut off at every side: moves the grid of blocks. */
  readonly border: number;
}

/**
 * The rounded luma that NIQE measures.
 *
 * @throws {RangeError} If a side is below 96 px after cropping.
 */
export function niqePlane(image: Raster, { space, border }: NiqeChoices): Plane {
  const width = image.width - 2 * border, height = image.height - 2 * border;
  checkSide(width, height, NIQE_BLOCK, "NIQE");
  const { data } = roundPlane({ ...image, data: luma(image, space) });
  const cut = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + border) * image.width + border;
    cut.set(data.subarray(from, from + width), y * width);
  }
  return { width, height, data: cut };
}
