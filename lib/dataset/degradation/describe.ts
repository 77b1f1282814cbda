import type { DegradationStep } from "./recipe.ts";

/**
 * Say what a step does, in a few words, such as "blur plateau 13 px" or "JPEG 61".
 *
 * @param step Of a recipe.
 * @returns A label for a picture of the stage.
 */
export function describeStep(step: DegradationStep): string {
  switch (step.kind) {
    case "sharpen":
      return "sharpened";
    case "blur":
      return `blur ${step.kernel.family} ${step.kernel.size} px`;
    case "resize":
      return `${step.mode} x${step.factor.toFixed(2)}`;
    case "resizeToResult":
      return step.times === 1 ? `${step.mode} to LR` : `${step.mode} to ${step.times.toFixed(2)} LR`;
    case "gaussianNoise":
      return `${step.gray ? "gray " : ""}noise ${step.sigma.toFixed(1)}`;
    case "poissonNoise":
      return `${step.gray ? "gray " : ""}Poisson ${step.scale.toFixed(2)}`;
    case "diffJpeg":
      return `JPEG ${step.quality.toFixed(0)}`;
    case "libjpeg":
      return `libjpeg ${step.quality}`;
    case "quantise":
      return "8 bits";
  }
}
