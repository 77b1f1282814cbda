import { isBfloat16, tf, toBfloat16, toFloat32 } from "../engine/mod.ts";
import type { Params, Rng } from "../core/mod.ts";

/** A low-rank addition to linear layers: `W + (alpha / rank) B A` (Hu et al. 2022). */
export interface Adapter {
  /** Rows of A and columns of B; some modules may have fewer or more. */
  readonly rank: number;
  /** Divided by the rank, the factor of the product of all modules, also of those of another rank. */
  readonly alpha: number;
  /** `<module>.lora_A.weight` `[rank, in]` and `<module>.lora_B.weight` `[out, rank]` for every adapted module. */
  readonly params: Params;
}

/** A linear layer, or a convolution as one. */
export interface LinearShape {
  /** Inputs: those under the whole kernel of a convolution. */
  readonly in: number;
  /** Outputs. */
  readonly out: number;
  /** Height and width of the kernel, where the layer is a convolution: what its factors look like in files. */
  readonly kernel?: readonly [number, number];
}

/** Input and output width of linear layers, by module name. */
export type LinearShapes = Readonly<Record<string, LinearShape>>;

/** How a new adapter is made. */
export interface LoraOptions {
  /** Rows of A and columns of B, at least 1. */
  readonly rank: number;
  /** Divided by the rank, the factor of the product. */
  readonly alpha: number;
  /** Source of the first factors. */
  readonly rng: Rng;
  /**
   * Distribution of A: `normal` with standard deviation `1 / sqrt(in)`; `kaiming` uniform in `±1 / sqrt(in)` (PEFT's
   * default); `gaussian` with standard deviation `1 / rank` (diffusers' training scripts).
   */
  readonly init?: "normal" | "kaiming" | "gaussian";
}

/**
 * Create an adapter that changes nothing yet: A random, B zero.
 *
 * @param targets The layers to adapt; the order of the names is the order of the draws.
 * @param options Rank, alpha, source and distribution of A.
 * @returns An adapter whose tensors belong to the caller.
 * @throws {RangeError} If the rank is not a positive integer.
 */
export function createLora(targets: LinearShapes, options: LoraOptions): Adapter {
  const { rank, alpha, rng, init = "normal" } = options;
  if (!Number.isInteger(rank) || rank < 1) {
    throw new RangeError(`Cannot create adapter as its rank must be a positive integer: current value is ${rank}`);
  }
  const params: Record<string, tf.Tensor> = {};
  for (const [module, { in: width, out }] of Object.entries(targets)) {
    const factor = init === "kaiming" ? rng.uniforms(rank * width).map((u) => 2 * u - 1) : rng.normals(rank * width);
    const deviation = init === "gaussian" ? 1 / rank : 1 / Math.sqrt(width);
    params[`${module}.lora_A.weight`] = tf.tensor2d(factor.map((value) => value * deviation), [rank, width]);
    params[`${module}.lora_B.weight`] = tf.zeros([out, rank]);
  }
  return { rank, alpha, params };
}

/**
 * Weaken or strengthen an adapter without copying it.
 *
 * @param adapter Shares its tensors with the result.
 * @param weight Factor of its contribution; 1 leaves it as it is.
 * @returns The adapter with its alpha multiplied.
 */
export function weightLora(adapter: Adapter, weight: number): Adapter {
  return { ...adapter, alpha: adapter.alpha * weight };
}

/**
 * Add adapters to the weights that they adapt.
 *
 * @param params Stay as they are.
 * @param adapters Any number, also none.
 * @returns Parameters that give without adapters what `params` give with them; owned by the caller. Weights that were held
 * as bfloat16 are merged in float32 and rounded to bfloat16 again.
 * @throws {RangeError} If an adapter adapts a module that `params` do not have.
 */
export function mergeLora(params: Params, adapters: readonly Adapter[]): Params {
  for (const module of adapters.flatMap(loraModules)) {
    if (!(`${module}.weight` in params)) {
      throw new RangeError(`Cannot merge adapter as every module must have a weight: current value is ${module}`);
    }
  }
  return Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => {
      if (!name.endsWith(".weight")) return [name, tensor.clone()];
      const module = name.slice(0, -".weight".length), adapting = adapters.filter((a) => adapts(a, module));
      if (adapting.length === 0) return [name, tensor.clone()];
      return [
        name,
        tf.tidy(() => {
          const merged = foldLora(toFloat32(tensor), module, adapting);
          return isBfloat16(tensor) ? toBfloat16(merged) : merged;
        }),
      ];
    }),
  );
}

/** List the modules that an adapter adapts. */
export function loraModules(adapter: Adapter): string[] {
  const suffix = ".lora_A.weight";
  return Object.keys(adapter.params).filter((name) => name.endsWith(suffix)).map((name) =>
    name.slice(0, -suffix.length)
  );
}

/** Tell whether an adapter adapts a module. */
export function adapts(adapter: Adapter, module: string): boolean {
  return `${module}.lora_A.weight` in adapter.params;
}

/**
 * Add adapters that all adapt a module to its weight.
 *
 * @param weight `[out, in]`, or a kernel `[out, in, kh, kw]` whose adapters have A over `in kh kw` values.
 * @param module Its name.
 * @param adapters All of them adapt it.
 * @returns The weight itself when there are none.
 */
export function foldLora(weight: tf.Tensor, module: string, adapters: readonly Adapter[]): tf.Tensor {
  return adapters.reduce((sum, { params, alpha, rank }) => {
    const down = params[`${module}.lora_A.weight`] as tf.Tensor2D,
      up = params[`${module}.lora_B.weight`] as tf.Tensor2D;
    return sum.add(up.matMul(down.mul(alpha / rank)).reshape(weight.shape));
  }, weight);
}
