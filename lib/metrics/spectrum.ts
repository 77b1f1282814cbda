import { type RadialPsd, radialPsd } from "../sobolev/mod.ts";
import { type MetricImage, type PreparedImage, prepareImage } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";

/** Power by radial frequency of a whole set of images. */
export interface SetSpectrum {
  /** Middle of each bin, in cycles a pixel. */
  readonly frequency: readonly number[];
  /** Mean power of each bin over the images; luma lies in [0, 1]. */
  readonly power: readonly number[];
  /** Fourier coefficients of one image in each bin. */
  readonly count: readonly number[];
}

/**
 * Average the power spectra of a set of images over rings of equal frequency and over the images (Fig. 3).
 *
 * Full-range luma in [0, 1], mean removed, Hann window: without it, the jump where the border wraps around would hide the
 * highest frequencies of natural images. Bins without a coefficient, such as the lowest one of square images, are left
 * out.
 *
 * @param images At least one, all with the same shorter side.
 * @throws {RangeError} If there is no image or the shorter sides differ.
 */
export function setSpectrum(images: readonly MetricImage[], protocol: Protocol = protocols.paper): SetSpectrum {
  return meanSpectrum(images.map((image) => imageSpectrum(image, protocol)));
}

/**
 * Average power spectra of images, as {@link setSpectrum} does.
 *
 * @param spectra Of {@link imageSpectrum}; at least one, all of images with the same shorter side.
 * @throws {RangeError} If there is none or the shorter sides differ.
 */
export function meanSpectrum(spectra: readonly RadialPsd[]): SetSpectrum {
  if (spectra.length === 0) {
    throw new RangeError("Cannot average spectra as there must be an image: current value is 0");
  }
  const bins = spectra[0].power.length, other = spectra.find(({ power }) => power.length !== bins);
  if (other) {
    throw new RangeError(
      `Cannot average spectra as all images need the shorter side of the first: current values are ${bins} and ` +
        `${other.power.length} bins`,
    );
  }
  const held = Array.from({ length: bins }, (_, bin) => bin).filter((bin) =>
    spectra.every(({ count }) => count[bin] > 0)
  );
  return {
    frequency: held.map((bin) => spectra[0].frequency[bin]),
    power: held.map((bin) => spectra.reduce((sum, { power }) => sum + power[bin], 0) / spectra.length),
    count: held.map((bin) => spectra[0].count[bin]),
  };
}

const known = new WeakMap<PreparedImage, RadialPsd>();

/**
 * Measure the power of one image by radial frequency: full-range luma in [0, 1], mean removed, Hann window.
 *
 * @throws {RangeError} If a side is below 3 px.
 */
export function imageSpectrum(image: MetricImage, protocol: Protocol = protocols.paper): RadialPsd {
  const prepared = prepareImage(image, protocol), { luminance, height, width } = prepared;
  const computed = known.get(prepared) ?? radialPsd(luminance.data, height, width, { window: "hann" });
  known.set(prepared, computed);
  return computed;
}
