import { tf } from "../engine/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { withGradient } from "../nn/mod.ts";

/**
 * Cut a velocity field out of differentiation: its values are constants of the loss.
 *
 * Reference and adversary are frozen and see states that do not depend on the policy, so this is exact. It also lets an
 * engine without traced steps free their activations at once, which is most of the memory of a preference step.
 *
 * @param field Any field.
 * @returns The same values, with no gradient for state or parameters.
 */
export function frozen(field: VelocityField): VelocityField {
  return (xt, t, c) => {
    const inputs: [tf.Tensor4D] = [xt];
    const forward = (x: tf.Tensor4D) => ({ value: field(x, t, c), saved: [] });
    return withGradient(inputs, forward, (dy) => [tf.zerosLike(dy)]).as4D(...xt.shape);
  };
}
