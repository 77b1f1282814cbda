import type { InterpolationMode } from "../../image/mod.ts";
import type { KernelSpec } from "./kernels.ts";

/**
 * Named degradations: the paper's (SeeSR, DreamClear, Real-ESRGAN), StableSR's softer one, the soft one with wide blurs,
 * the light one of small runs, and bicubic alone.
 */
export const degradationPresets = ["hard", "soft", "soft-wide", "mild", "none"] as const;

/** Name of a degradation in {@link degradationPresets}. */
export type DegradationPreset = (typeof degradationPresets)[number];

/** Ways to resize: PyTorch's three, or MATLAB's antialiased bicubic. */
export type ResizeMode = InterpolationMode | "matlab";

/** One step of a degradation. */
export type DegradationStep =
  /** Unsharp mask. */
  | { readonly kind: "sharpen" }
  | { readonly kind: "blur"; readonly kernel: KernelSpec }
  /** By a factor. */
  | { readonly kind: "resize"; readonly mode: ResizeMode; readonly factor: number }
  /** To `times` the sides of the result, rounded down; 1 for the last resize. */
  | { readonly kind: "resizeToResult"; readonly mode: ResizeMode; readonly times: number }
  /** `sigma` in 8-bit units; `gray`: the same in all channels. */
  | { readonly kind: "gaussianNoise"; readonly sigma: number; readonly gray: boolean; readonly seed: number }
  | { readonly kind: "poissonNoise"; readonly scale: number; readonly gray: boolean; readonly seed: number }
  | { readonly kind: "diffJpeg"; readonly quality: number }
  /** The real codec; the quality is a whole number. */
  | { readonly kind: "libjpeg"; readonly quality: number; readonly chroma: "4:4:4" | "4:2:0" }
  /** To 8 bits, ties to even. */
  | { readonly kind: "quantise" };

/** Everything that was drawn for one degradation, as plain JSON: it replays on any image, bit for bit. */
export interface Recipe {
  /** What it was drawn from. */
  readonly preset: DegradationPreset;
  /** Side of the image over side of the result. */
  readonly scale: 4;
  /** In order. */
  readonly steps: readonly DegradationStep[];
}
