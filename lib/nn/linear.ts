import { bfloat16Product, isBfloat16, tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { type Adapter, adapts, foldLora } from "./lora.ts";

/**
 * Apply a linear layer and its adapters: `x W^T + b + sum_a (alpha_a / r_a) x A_a^T B_a^T`.
 *
 * An adapter is added to the weight first where that takes less arithmetic in training; the value is the same. A weight
 * that is held as bfloat16 is frozen and multiplied as such; bias and adapters stay float32.
 *
 * @param params Hold `<module>.weight` `[out, in]` and, where the layer has one, `<module>.bias` `[out]`.
 * @param module Name of the layer.
 * @param x Inputs. `[..., in]`
 * @param adapters Those that do not adapt the module are left out.
 * @returns Outputs. `[..., out]`
 * @throws {RangeError} If there is no such weight.
 */
export function linear(params: Params, module: string, x: tf.Tensor, adapters: readonly Adapter[] = []): tf.Tensor {
  return linearOfParts(params, module, [x], adapters);
}

/**
 * Apply a linear layer to inputs that lie side by side on the last axis, without concatenating them.
 *
 * @param params As for {@linkcode linear}.
 * @param module Name of the layer.
 * @param parts Inputs that differ in their last axis only; its lengths sum to `in`. `[..., in_k]`
 * @param adapters As for {@linkcode linear}.
 * @returns Outputs. `[..., out]`
 * @throws {RangeError} If there is no such weight.
 */
export function linearOfParts(
  params: Params,
  module: string,
  parts: readonly tf.Tensor[],
  adapters: readonly Adapter[] = [],
): tf.Tensor {
  const leading = parts[0].shape.slice(0, -1);
  const rows = parts.map((part) => part.reshape<tf.Tensor2D>([-1, part.shape[part.shape.length - 1]]));
  const { weight, bias, loose } = dense(params, module, rows[0].shape[0], adapters);
  let y = productOfParts(rows, weight);
  for (const { params, alpha, rank } of loose) {
    const down = productOfParts(rows, params[`${module}.lora_A.weight`]);
    y = y.add(down.mul(alpha / rank).matMul(params[`${module}.lora_B.weight`], false, true));
  }
  return (bias === undefined ? y : y.add(bias)).reshape([...leading, y.shape[1]]);
}

/**
 * Apply several linear layers to the same inputs, as one product where that is possible.
 *
 * @param params As for {@linkcode linear}.
 * @param modules Names of the layers: all have a bias, or none.
 * @param x Inputs. `[..., in]`
 * @param adapters As for {@linkcode linear}.
 * @returns Their outputs, one each. `[..., out_k]`
 * @throws {RangeError} If there is no such weight.
 */
export function jointLinear(
  params: Params,
  modules: readonly string[],
  x: tf.Tensor,
  adapters: readonly Adapter[] = [],
): tf.Tensor[] {
  const leading = x.shape.slice(0, -1), rows = x.reshape<tf.Tensor2D>([-1, x.shape[leading.length]]);
  const layers = modules.map((module) => dense(params, module, rows.shape[0], adapters));
  if (layers.some(({ weight, loose }) => loose.length > 0 || isBfloat16(weight))) {
    return modules.map((module) => linear(params, module, x, adapters));
  }
  const product = productOfParts([rows], tf.concat(layers.map(({ weight }) => weight)));
  const biases = layers.flatMap(({ bias }) => bias ?? []);
  const outputs = biases.length > 0 ? product.add(tf.concat(biases)) : product;
  const widths = layers.map(({ weight }) => weight.shape[0]);
  return tf.split(outputs.reshape([...leading, outputs.shape[1]!]), widths, -1);
}

interface Dense {
  readonly weight: tf.Tensor;
  readonly bias: tf.Tensor | undefined;
  /** Adapters that are not in the weight. */
  readonly loose: readonly Adapter[];
}

function dense(params: Params, module: string, rows: number, adapters: readonly Adapter[]): Dense {
  const weight = params[`${module}.weight`];
  if (weight === undefined) {
    throw new RangeError(`Cannot apply linear layer as its weight must be given: current value is ${module}.weight`);
  }
  const [out, width] = weight.shape;
  const adapting = adapters.filter((adapter) => adapts(adapter, module));
  const folded = isBfloat16(weight) ? [] : adapting.filter(({ rank }) => foldingIsCheaper(rows, width, out, rank));
  const loose = adapting.filter((adapter) => !folded.includes(adapter));
  return { weight: foldLora(weight, module, folded), bias: params[`${module}.bias`], loose };
}

/**
 * Multiplications of a training step beyond those of the frozen layer: with the adapter in the weight, the gradient of
 * the whole weight and three small products; with it beside the weight, three products through the rank. The latter
 * make up to twice as many passes over memory, so they count double.
 */
function foldingIsCheaper(rows: number, width: number, out: number, rank: number): boolean {
  return (rows + 3 * rank) * width * out < 2 * 3 * rows * rank * (width + out);
}

function productOfParts(parts: readonly tf.Tensor2D[], weight: tf.Tensor): tf.Tensor2D {
  if (isBfloat16(weight)) return bfloat16Product(parts, weight);
  const blocks = parts.length === 1 ? [weight] : tf.split(weight, parts.map((part) => part.shape[1]), 1);
  const products = parts.map((part, k): tf.Tensor2D => tf.matMul(part, blocks[k], false, true));
  return products.reduce((sum, product) => sum.add(product));
}
