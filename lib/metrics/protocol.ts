import type { LumaSpace } from "../image/mod.ts";
import type { NiqeChoices } from "./niqe/niqe_plane.ts";
import type { Halves } from "./rounded_luma.ts";

/**
 * How images become numbers. Every choice here moves the result, and papers seldom print them; a table without its
 * protocol cannot be compared (specs: the Y of `yiq` alone lowers PSNR by 1.32 dB against the Y of `ycbcr`).
 */
export interface Protocol {
  /** What tables call it. */
  readonly name: string;
  /**
   * Raised whenever a choice changes: tables of different versions do not compare. When the code measures the same choices
   * otherwise, `code` of the evaluations is raised instead.
   */
  readonly version: number;
  /** What fidelity is measured on: luma, or the three colours and their mean. */
  readonly channel: "y" | "rgb";
  /** Which luma: `ycbcr` = BT.601 studio range, 16 to 235, as MATLAB; `yiq` = full range, 0 to 255. */
  readonly space: LumaSpace;
  /** Pixels cut off at every side before measuring. */
  readonly border: number;
  /** Round the images to the 256 levels of a file first. */
  readonly quantise: boolean;
  /** Round the planes to whole numbers in SSIM, MS-SSIM and GMSD, ties to even. */
  readonly roundPlanes: boolean;
  /** Where halves go when Y is rounded for them. */
  readonly halves: Halves;
  /** Set negative local correlations in SSIM and MS-SSIM to zero. */
  readonly clampStructure: boolean;
  /** Added to the mean squared error on [0, 1]; 1e-8 makes equal images 80 dB, 0 makes them infinite. */
  readonly psnrFloor: number;
  /** Peak of the planes: the L of PSNR and SSIM. */
  readonly dataRange: 255;
  /** Luma, rounding and border of NIQE, which toolboxes set apart from those of PSNR. */
  readonly niqe: NiqeChoices;
  /** Which published network metrics take that have several, by the family of the metric. */
  readonly checkpoints: Readonly<Record<string, string>>;
}

type Conventions = Omit<Protocol, "name" | "version" | "space" | "border" | "niqe">;
const checkpoints = {
  lpips: "v0.1 alex",
  dists: "official",
  musiq: "koniq10k",
  maniqa: "koniq10k",
  clipiqa: "CLIP-IQA+ RN50",
};
const seesr = { ...checkpoints, maniqa: "pipal", clipiqa: "CLIP-IQA RN50 with fixed prompts" };
const shared = { channel: "y", quantise: true, halves: "even", dataRange: 255, checkpoints } as const;
const pyiqa: Conventions = { ...shared, roundPlanes: true, clampStructure: true, psnrFloor: 1e-8 };
const pipal: Conventions = { ...pyiqa, checkpoints: seesr };
const basicsr: Conventions = { ...shared, roundPlanes: false, clampStructure: false, psnrFloor: 0 };
const wholeYiq = { space: "yiq", border: 0 } as const, wholeYcbcr = { space: "ycbcr", border: 0 } as const;
const croppedYcbcr = { space: "ycbcr", border: 4 } as const;
const niqeYiq: NiqeChoices = { ...wholeYiq, halves: "even" };

/** Names of the conventions in use. */
export type ProtocolName = "paper" | "seesr" | "osediff" | "pyiqa" | "basicsr" | "basicsr-uncropped";

/** When to take which protocol, one line each. */
export const protocolUses: Readonly<Record<ProtocolName, string>> = {
  paper: "to compare with ASASR's tables: Y of YCbCr, no border, MANIQA of KonIQ-10k",
  seesr: "to compare with SeeSR's tables: as paper with 4 px cut off, MANIQA of PIPAL",
  osediff: "to compare with OSEDiff's tables: as paper, MANIQA of PIPAL",
  pyiqa: "to compare with numbers of that toolbox as it comes: Y of YIQ, no border",
  basicsr: "to compare with BasicSR and most literature before diffusion: Y of YCbCr, 4 px cut off, planes not rounded",
  "basicsr-uncropped": "the same where a paper says that nothing was cut off",
};

/**
 * The conventions in use, by name.
 *
 * `paper`: Y of YCbCr as the paper says, in the toolbox that its peers use (pyiqa), no crop: the default everywhere.
 * `seesr`: as SeeSR's authors state theirs: the same with a border of four pixels, and MANIQA of PIPAL. `osediff`: what
 * OSEDiff's authors published, found by repeating their numbers: no border, MANIQA of PIPAL, NIQE on Y of YIQ, where
 * their float32 rounds halves by chance: ours lies within 0.0053 of theirs on RealSR's Canon images. `pyiqa`: that
 * toolbox as it comes (Y of YIQ). `basicsr`: BasicSR and most of the older literature, with the border of four pixels
 * that x4 results are given with; `basicsr-uncropped`: the same without it.
 */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  paper: { ...pyiqa, name: "paper", version: 1, ...wholeYcbcr, niqe: niqeYiq },
  seesr: { ...pipal, name: "seesr", version: 1, ...croppedYcbcr, niqe: niqeYiq },
  osediff: { ...pipal, name: "osediff", version: 1, ...wholeYcbcr, niqe: niqeYiq },
  pyiqa: { ...pyiqa, name: "pyiqa", version: 1, ...wholeYiq, niqe: niqeYiq },
  basicsr: { ...basicsr, name: "basicsr", version: 1, ...croppedYcbcr, niqe: { ...croppedYcbcr, halves: "even" } },
  "basicsr-uncropped": {
    ...basicsr,
    name: "basicsr-uncropped",
    version: 1,
    ...wholeYcbcr,
    niqe: { ...wholeYcbcr, halves: "even" },
  },
};
