import type { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { linear } from "./linear.ts";
import type { Adapter } from "./lora.ts";

/**
 * Apply a linear layer and its adapters to every pixel: a 1 x 1 convolution that takes adapters as {@linkcode linear} does.
 *
 * @param params Hold `<module>.weight`, `[out, in]` or as a kernel `[out, in, 1, 1]`, and maybe `<module>.bias` `[out]`.
 * @param module Name of the layer.
 * @param x Feature maps or tokens. `[..., in]`
 * @param adapters Their factors are `[r, in]` and `[out, r]`, whatever the layout of the weight.
 * @returns Values of every pixel. `[..., out]`
 * @throws {RangeError} If there is no such weight.
 */
export function pointwise(params: Params, module: string, x: tf.Tensor, adapters: readonly Adapter[] = []): tf.Tensor {
  const name = `${module}.weight`, weight = params[name];
  if (weight?.shape.length !== 4) return linear(params, module, x, adapters);
  const [out, width] = weight.shape;
  return linear(
    { [name]: weight.reshape([out, width]), [`${module}.bias`]: params[`${module}.bias`] },
    module,
    x,
    adapters,
  );
}
