import { timeOfTimestep } from "../backbones/mod.ts";
import { checkSteps } from "./integrate.ts";

/** Timesteps that SD1.5, SDXL and FLUX were trained with. */
const TIMESTEPS = 1000;

/** How the noise levels of a flow are shifted: by a resolution's `mu`, or by a constant factor. */
export type FlowShift =
  | {
    /** Logarithm of the factor, as {@linkcode fluxShift} finds it. */
    readonly mu: number;
  }
  | {
    /** The factor itself, positive; 1 leaves the levels as they are. */
    readonly shift: number;
  };

/** How FLUX shifts its noise levels with the number of image tokens; the fields of diffusers' scheduler config. */
export interface DynamicShift {
  /** Tokens at which `baseShift` holds. */
  readonly baseTokens: number;
  /** Tokens at which `maxShift` holds. */
  readonly maxTokens: number;
  /** `mu` at `baseTokens`. */
  readonly baseShift: number;
  /** `mu` at `maxTokens`. */
  readonly maxShift: number;
}

/** The published scheduler config of FLUX.1-dev. */
export const FLUX_SHIFT: DynamicShift = { baseTokens: 256, maxTokens: 4096, baseShift: 0.5, maxShift: 1.15 };

/**
 * Find the `mu` of an image: a straight line through both ends of the config, and on beyond them.
 *
 * @param tokens Image tokens of the result, without those of the condition: 4,096 for 1024 x 1024 pixels.
 * @param config Default: {@linkcode FLUX_SHIFT}.
 */
export function fluxShift(tokens: number, config: DynamicShift = FLUX_SHIFT): number {
  const { baseTokens, maxTokens, baseShift, maxShift } = config;
  return baseShift + (tokens - baseTokens) * (maxShift - baseShift) / (maxTokens - baseTokens);
}

/**
 * Place the steps of a flow as diffusers' `FlowMatchEulerDiscreteScheduler` does, in the paper's time: `t = 1 - sigma`.
 *
 * With `mu` the even levels are 1 to 1 / steps, as FLUX's pipelines pass them; with `shift` the scheduler chooses them
 * itself and shifts their lower end twice, which is kept.
 *
 * @param steps A positive integer.
 * @param shift Of the noise levels.
 * @returns Rising times from 0 to 1, one more than steps.
 * @throws {RangeError} If `steps` is not a positive integer or the shift not positive.
 */
export function flowMatchGrid(steps: number, shift: FlowShift): number[] {
  checkSteps(steps);
  const factor = "mu" in shift ? Math.exp(shift.mu) : shift.shift;
  if (!(factor > 0 && factor < Infinity)) {
    throw new RangeError(`Cannot place the steps of a flow as its shift must be positive: current value is ${factor}`);
  }
  const shifted = (sigma: number) => factor * sigma / (1 + (factor - 1) * sigma);
  const last = "mu" in shift ? 1 / steps : shifted(1 / TIMESTEPS);
  const even = Array.from({ length: steps }, (_, k) => steps === 1 ? 1 : 1 + (last - 1) * k / (steps - 1));
  return [...even.map((sigma) => 1 - shifted(sigma)), 1];
}

/**
 * List the timesteps that DDIM and Euler's method visit on SD1.5 and SDXL, with diffusers' "leading" spacing.
 *
 * @param steps At most 1,000.
 * @param offset Added to every timestep; 1 in the published configs.
 * @returns Falling whole numbers: 946, 911, ..., 1 for 28 steps.
 * @throws {RangeError} If `steps` is not a positive integer of at most 1,000.
 */
export function diffusionTimesteps(steps: number, offset: number = 1): number[] {
  checkSteps(steps);
  if (steps > TIMESTEPS) {
    throw new RangeError(`Cannot space timesteps as there are ${TIMESTEPS}: current value is ${steps} steps`);
  }
  const stride = Math.floor(TIMESTEPS / steps);
  return Array.from({ length: steps }, (_, k) => Math.min((steps - 1 - k) * stride + offset, TIMESTEPS - 1));
}

/**
 * Place the steps of {@linkcode diffusionTimesteps} in the paper's time; the first is not 0 but that of its timestep.
 *
 * @returns Rising times that end with 1, one more than steps.
 * @throws {RangeError} If `steps` is not a positive integer of at most 1,000.
 */
export function diffusionGrid(steps: number, offset: number = 1): number[] {
  return [...diffusionTimesteps(steps, offset).map(timeOfTimestep), 1];
}
