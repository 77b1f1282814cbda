import { gmsd } from "./gmsd.ts";
import { hfRatio } from "./hf_ratio.ts";
import { lsd } from "./lsd.ts";
import { msssim, MSSSIM_SIDE } from "./msssim.ts";
import type { MetricImage } from "./prepared.ts";
import type { Protocol } from "./protocol.ts";
import { psdDistance } from "./psd_distance.ts";
import { psnr } from "./psnr.ts";
import type { MetricRecord } from "./record.ts";
import { PATCH_SIDE, slicedWasserstein } from "./sliced_wasserstein.ts";
import { ssim, SSIM_WINDOW } from "./ssim.ts";

/** A metric of one result and its truth. */
export interface ImageMetric extends MetricRecord {
  /** One value an image. */
  readonly level: "image";
  /** The function itself. */
  readonly measure: (sr: MetricImage, hr: MetricImage, protocol: Protocol) => number;
}

/** A metric of a set of results and a set of truths. */
export interface SetMetric extends MetricRecord {
  /** One value a set. */
  readonly level: "set";
  /** The function itself. */
  readonly measure: (results: readonly MetricImage[], truths: readonly MetricImage[], protocol: Protocol) => number;
}

/** A metric of either kind. */
export type Metric = ImageMetric | SetMetric;

/** Every metric that needs no weights, in the order of the tables. */
export const metrics: readonly Metric[] = [
  {
    name: "psnrDb",
    label: "PSNR",
    unit: "dB",
    range: [0, Infinity],
    better: "higher",
    digits: 2,
    leastSide: 1,
    source: "10 log10(1 / mse)",
    level: "image",
    measure: psnr,
  },
  {
    name: "ssim",
    label: "SSIM",
    unit: "",
    range: [-1, 1],
    better: "higher",
    digits: 4,
    leastSide: SSIM_WINDOW,
    source: "Wang, Bovik, Sheikh and Simoncelli 2004",
    level: "image",
    measure: ssim,
  },
  {
    name: "msssim",
    label: "MS-SSIM",
    unit: "",
    range: [0, 1],
    better: "higher",
    digits: 4,
    leastSide: MSSSIM_SIDE,
    source: "Wang, Simoncelli and Bovik 2003",
    level: "image",
    measure: msssim,
  },
  {
    name: "gmsd",
    label: "GMSD",
    unit: "",
    range: [0, Infinity],
    better: "lower",
    digits: 4,
    leastSide: 4,
    source: "Xue, Zhang, Mou and Bovik 2014",
    level: "image",
    measure: gmsd,
  },
  {
    name: "lsdDb",
    label: "LSD",
    unit: "dB",
    range: [0, Infinity],
    better: "lower",
    digits: 3,
    leastSide: 1,
    source: "rms of 20 log10|F|; Gray and Markel 1976, on images",
    level: "image",
    measure: lsd,
  },
  {
    name: "hfRatio",
    label: "HF ratio",
    unit: "",
    range: [0, Infinity],
    better: "one",
    digits: 2,
    leastSide: 4,
    source: "power above 0.25 cycles a pixel, results over truths",
    level: "set",
    measure: hfRatio,
  },
  {
    name: "swd",
    label: "SWD",
    unit: "",
    range: [0, Infinity],
    better: "lower",
    digits: 2,
    leastSide: PATCH_SIDE,
    source: "sliced Wasserstein distance of 5 x 5 patches; Rabin, Peyre, Delon and Bernot 2011",
    level: "set",
    measure: slicedWasserstein,
  },
  {
    name: "psdDistanceDb",
    label: "PSD distance",
    unit: "dB",
    range: [0, Infinity],
    better: "lower",
    digits: 2,
    leastSide: 4,
    source: "rms gap of the mean radial power spectra (Fig. 3)",
    level: "set",
    measure: psdDistance,
  },
  {
    name: "lsdE",
    label: "LSD (base e)",
    unit: "",
    range: [0, Infinity],
    better: "lower",
    digits: 2,
    leastSide: 1,
    source: "rms of 20 ln|F|, the reading that fits the paper's Fig. 6",
    level: "image",
    measure: (sr, hr, protocol) => lsd(sr, hr, protocol, { base: "e" }),
  },
];
