import { gmsd, GMSD_CONTRAST } from "./gmsd.ts";
import { hfRatio, spectrumHfRatio } from "./hf_ratio.ts";
import { lsd } from "./lsd.ts";
import { msssim, MSSSIM_SIDE } from "./msssim.ts";
import { pixelMetric } from "./pixel_metric.ts";
import type { Protocol } from "./protocol.ts";
import { psdDistance, spectrumDistance } from "./psd_distance.ts";
import { psnr } from "./psnr.ts";
import type { PixelMetric, SetMetric, SpectralMetric } from "./record.ts";
import { PATCH_SIDE, slicedWasserstein } from "./sliced_wasserstein.ts";
import { ssim, SSIM_WINDOW } from "./ssim.ts";

/** Metrics of the mean power spectra of two sets, in the order of the tables. */
export const spectralMetrics: readonly SpectralMetric[] = [
  {
    name: "hfRatio",
    label: "HF ratio",
    unit: "",
    range: [0, Infinity],
    better: "one",
    digits: 2,
    leastSide: 4,
    source: "power above 0.25 cycles a pixel, results over truths",
    choices: spectraChoices,
    level: "set",
    measure: hfRatio,
    ofSpectra: spectrumHfRatio,
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
    choices: spectraChoices,
    level: "set",
    measure: psdDistance,
    ofSpectra: spectrumDistance,
  },
];
const [hfRatioMetric, psdDistanceMetric] = spectralMetrics;

/** What experiments measure: from pixels alone, in the order of the tables. */
export const experimentMetrics: readonly (PixelMetric | SetMetric)[] = [
  pixelMetric({
    name: "psnrDb",
    label: "PSNR",
    unit: "dB",
    range: [0, Infinity],
    better: "higher",
    digits: 2,
    leastSide: 1,
    source: "10 log10(1 / mse)",
    choices: psnrChoices,
    measure: psnr,
  }),
  pixelMetric({
    name: "ssim",
    label: "SSIM",
    unit: "",
    range: [-1, 1],
    better: "higher",
    digits: 4,
    leastSide: SSIM_WINDOW,
    source: "Wang, Bovik, Sheikh and Simoncelli 2004",
    choices: ssimChoices,
    measure: ssim,
  }),
  pixelMetric({
    name: "msssim",
    label: "MS-SSIM",
    unit: "",
    range: [0, 1],
    better: "higher",
    digits: 4,
    leastSide: MSSSIM_SIDE,
    source: "Wang, Simoncelli and Bovik 2003",
    choices: msssimChoices,
    measure: msssim,
  }),
  pixelMetric({
    name: "gmsd",
    label: "GMSD",
    unit: "",
    range: [0, Infinity],
    better: "lower",
    digits: 4,
    leastSide: 4,
    source: "Xue, Zhang, Mou and Bovik 2014",
    choices: ({ roundPlanes }) =>
      `GMSD on ${roundPlanes ? "rounded" : "unrounded"} planes halved by 2x2 means, c = ${GMSD_CONTRAST}`,
    measure: gmsd,
  }),
  pixelMetric({
    name: "lsdDb",
    label: "LSD",
    unit: "dB",
    range: [0, Infinity],
    better: "lower",
    digits: 3,
    leastSide: 1,
    source: "rms of 20 log10|F|; Gray and Markel 1976, on images",
    choices: () => lsdChoices("LSD", "20 log10"),
    measure: lsd,
  }),
  hfRatioMetric,
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
  psdDistanceMetric,
  pixelMetric({
    name: "lsdE",
    label: "LSD (base e)",
    unit: "",
    range: [0, Infinity],
    better: "lower",
    digits: 2,
    leastSide: 1,
    source: "rms of 20 ln|F|, the reading that fits the paper's Fig. 6",
    multipleOf: "lsdDb",
    choices: () => lsdChoices("LSD (base e)", "20 ln"),
    measure: (sr, hr, protocol) => lsd(sr, hr, protocol, { base: "e" }),
  }),
];

function psnrChoices({ psnrFloor }: Protocol): string {
  const floor = psnrFloor === 0 ? "unbounded" : `with ${psnrFloor} added to the squared error`;
  return `PSNR ${floor}, averaged over images in dB`;
}

function ssimChoices({ roundPlanes, clampStructure }: Protocol): string {
  const clamped = clampStructure ? ", structure clamped at 0" : "";
  return `SSIM 11x11 Gaussian 1.5 on ${roundPlanes ? "rounded" : "unrounded"} planes${clamped}`;
}

function msssimChoices({ roundPlanes, clampStructure }: Protocol): string {
  const clamped = clampStructure ? ", structure clamped at 0" : "";
  return `MS-SSIM of five levels on ${roundPlanes ? "rounded" : "unrounded"} planes halved by 2x2 means${clamped}`;
}

function lsdChoices(label: string, logarithm: string): string {
  return `${label} rms of ${logarithm}|F| of unrounded Y of YIQ in [0, 1], no window, the constant included`;
}

function spectraChoices(): string {
  return "spectra of unrounded Y of YIQ in [0, 1], Hann window, mean over the images";
}
