import { tf } from "../engine/mod.ts";
import { type Adapter, adapts, loraModules } from "./lora.ts";

/**
 * Add adapters up to one, exactly: A one above the other, B side by side, with `alpha / rank` of each in its B.
 *
 * @param adapters At least one, weighted with `weightLora` or not; they stay the caller's.
 * @returns New tensors. A module has the sum of the ranks of those that adapt it; the factor is 1.
 * @throws {RangeError} If there is none.
 */
export function sumLora(adapters: readonly Adapter[]): Adapter {
  if (adapters.length === 0) throw new RangeError("Cannot add adapters up as there must be one: current value is none");
  const params: Record<string, tf.Tensor> = {};
  let rank = 0;
  for (const module of new Set(adapters.flatMap(loraModules))) {
    const adapting = adapters.filter((adapter) => adapts(adapter, module));
    const { down, up } = tf.tidy(() => ({
      down: tf.concat(adapting.map(({ params }) => params[`${module}.lora_A.weight`] as tf.Tensor2D), 0),
      up: tf.concat(
        adapting.map(({ params, alpha, rank }) => params[`${module}.lora_B.weight`].mul<tf.Tensor2D>(alpha / rank)),
        1,
      ),
    }));
    params[`${module}.lora_A.weight`] = down;
    params[`${module}.lora_B.weight`] = up;
    rank = Math.max(rank, down.shape[0]);
  }
  return { rank, alpha: rank, params };
}
