import type { Rng } from "../../core/mod.ts";
import type { KernelSpec } from "./kernels.ts";
import { HARD, type RoundRanges, type SecondOrderRanges, SOFT, SOFT_WIDE } from "./presets.ts";
import type { DegradationPreset, DegradationStep, Recipe, ResizeMode } from "./recipe.ts";

const SIZES = [7, 9, 11, 13, 15, 17, 19, 21] as const;
const MODES = ["area", "bilinear", "bicubic"] as const;
const SINC_PROBABILITY = 0.1;
const FINAL_SINC_PROBABILITY = 0.8;
const GRAY_NOISE_PROBABILITY = 0.4;

/** Families of bell kernels, whether they are isotropic, and their probabilities. */
const BELLS = [
  { family: "gaussian", isotropic: true, weight: 0.45 },
  { family: "gaussian", isotropic: false, weight: 0.25 },
  { family: "generalised", isotropic: true, weight: 0.12 },
  { family: "generalised", isotropic: false, weight: 0.03 },
  { family: "plateau", isotropic: true, weight: 0.12 },
  { family: "plateau", isotropic: false, weight: 0.03 },
] as const;

/**
 * Draw a recipe from a preset.
 *
 * `hard`, `soft` and `soft-wide`: unsharp mask (not `soft-wide`), then twice blur, resize, noise and JPEG, and a final sinc before or after the last
 * JPEG (Wang et al. 2021); unlike there, every image draws its own order, modes and noise. `mild`: one blur, one resize
 * by 4, Gaussian noise, JPEG by libjpeg. `none`: MATLAB's bicubic.
 *
 * @param random Where the numbers come from; the same stream gives the same recipe.
 * @param preset What to draw from.
 * @returns Plain JSON.
 */
export function drawRecipe(random: Rng, preset: DegradationPreset): Recipe {
  const draw = {
    hard: () => drawSecondOrder(random, HARD),
    soft: () => drawSecondOrder(random, SOFT),
    "soft-wide": () => drawSecondOrder(random, SOFT_WIDE),
    mild: () => drawMild(random),
    none: (): DegradationStep[] => [{ kind: "resizeToResult", mode: "matlab", times: 1 }],
  }[preset];
  return { preset, scale: 4, steps: [...draw(), { kind: "quantise" }] };
}

function drawMild(random: Rng): DegradationStep[] {
  const steps: DegradationStep[] = [];
  if (random.bool(0.8)) {
    const sigmaX = random.uniformIn(0.3, 1.5), sigmaY = random.uniformIn(0.3, 1.5);
    const size = 2 * Math.ceil(3 * Math.max(sigmaX, sigmaY)) + 1;
    const theta = random.uniformIn(-Math.PI, Math.PI);
    steps.push({ kind: "blur", kernel: { family: "gaussian", size, sigmaX, sigmaY, theta, beta: 1 } });
  }
  const mode: ResizeMode = random.pick(["matlab", "bilinear", "area"] as const);
  steps.push({ kind: "resizeToResult", mode, times: 1 });
  if (random.bool(0.5)) {
    steps.push({
      kind: "gaussianNoise",
      sigma: random.uniformIn(1, 10),
      gray: !random.bool(0.6),
      seed: drawSeed(random),
    });
  }
  if (random.bool(0.7)) steps.push({ kind: "libjpeg", quality: 50 + random.int(46), chroma: "4:4:4" });
  return steps;
}

function drawSecondOrder(random: Rng, ranges: SecondOrderRanges): DegradationStep[] {
  const [first, second] = ranges.rounds;
  const steps: DegradationStep[] = ranges.sharpen ? [{ kind: "sharpen" }] : [];
  if (random.bool(first.blur)) steps.push({ kind: "blur", kernel: drawKernel(random, first, ranges) });
  steps.push({ kind: "resize", mode: random.pick(MODES), factor: drawFactor(random, first) });
  steps.push(drawNoise(random, first), drawJpeg(random, first));
  if (random.bool(second.blur)) steps.push({ kind: "blur", kernel: drawKernel(random, second, ranges) });
  steps.push({ kind: "resizeToResult", mode: random.pick(MODES), times: drawFactor(random, second) });
  steps.push(drawNoise(random, second));
  const last: DegradationStep[] = [{ kind: "resizeToResult", mode: random.pick(MODES), times: 1 }];
  if (random.bool(FINAL_SINC_PROBABILITY)) last.push({ kind: "blur", kernel: drawSinc(random, Math.PI / 3) });
  const jpeg = drawJpeg(random, second);
  return random.bool(0.5) ? [...steps, ...last, jpeg] : [...steps, jpeg, ...last];
}

function drawKernel(random: Rng, { sigma }: RoundRanges, ranges: SecondOrderRanges): KernelSpec {
  if (random.bool(SINC_PROBABILITY)) return drawSinc(random);
  const { family, isotropic } = random.pick(BELLS, BELLS.map(({ weight }) => weight));
  const sigmaX = random.uniformIn(...sigma);
  const sigmaY = isotropic ? sigmaX : random.uniformIn(...sigma);
  const theta = isotropic ? 0 : random.uniformIn(-Math.PI, Math.PI);
  const betas =
    { gaussian: [1, 1], generalised: [0.5, ranges.betaGeneralised], plateau: [1, ranges.betaPlateau] }[family];
  const beta = random.bool(0.5) ? random.uniformIn(betas[0], 1) : random.uniformIn(1, betas[1]); // half of them below 1
  return { family, size: random.pick(SIZES), sigmaX, sigmaY, theta, beta };
}

function drawSinc(random: Rng, lowest?: number): KernelSpec {
  const size = random.pick(SIZES);
  const low = lowest ?? (size < 13 ? Math.PI / 3 : Math.PI / 5);
  return { family: "sinc", size, cutoff: random.uniformIn(low, Math.PI) };
}

function drawFactor(random: Rng, { resize, factor: [smallest, largest] }: RoundRanges): number {
  const direction = random.pick(["up", "down", "keep"] as const, resize);
  if (direction === "keep") return 1;
  return direction === "up" ? random.uniformIn(1, largest) : random.uniformIn(smallest, 1);
}

function drawNoise(random: Rng, { gaussian, poisson }: RoundRanges): DegradationStep {
  const isGaussian = random.bool(0.5), gray = random.bool(GRAY_NOISE_PROBABILITY);
  const strength = random.uniformIn(...(isGaussian ? gaussian : poisson));
  const seed = drawSeed(random);
  return isGaussian
    ? { kind: "gaussianNoise", sigma: strength, gray, seed }
    : { kind: "poissonNoise", scale: strength, gray, seed };
}

function drawJpeg(random: Rng, { quality }: RoundRanges): DegradationStep {
  return { kind: "diffJpeg", quality: random.uniformIn(...quality) };
}

function drawSeed(random: Rng): number {
  return random.int(2 ** 32);
}
