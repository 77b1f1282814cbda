import type { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { conv2d } from "./conv2d.ts";
import { conv3x3 } from "./conv.ts";
import { type Adapter, adapts } from "./lora.ts";

/**
 * Convolve with a frozen 3 x 3 kernel and its adapters, stride 1, zeros around the image.
 *
 * An adapter adds a convolution with `rank` kernels, followed by a linear layer at every pixel, as PEFT and LyCORIS do. Its
 * A is `[r, 9 in]`: the kernels `[r, in, 3, 3]` laid out row by row. It trains on every engine.
 *
 * @param params Hold `<module>.weight` `[out, in, 3, 3]` and maybe `<module>.bias` `[out]`.
 * @param module Name of the layer.
 * @param x Feature maps. `[B, H, W, in]`
 * @param adapters Those that do not adapt the module are left out.
 * @returns Feature maps. `[B, H, W, out]`
 * @throws {RangeError} If the weight is not there or does not fit the channels.
 */
export function adaptedConv(
  params: Params,
  module: string,
  x: tf.Tensor4D,
  adapters: readonly Adapter[] = [],
): tf.Tensor4D {
  const channels = x.shape[3];
  return adapters.filter((adapter) => adapts(adapter, module)).reduce((sum, { params, alpha, rank }) => {
    const kernels = params[`${module}.lora_A.weight`].mul(alpha / rank).reshape([-1, channels, 3, 3]);
    const down = conv3x3({ "down.weight": kernels }, "down", x).reshape<tf.Tensor2D>([-1, kernels.shape[0]]);
    const up = down.matMul(params[`${module}.lora_B.weight`], false, true);
    return sum.add(up.reshape(sum.shape));
  }, conv2d(params, module, x, { padding: "same" }));
}
