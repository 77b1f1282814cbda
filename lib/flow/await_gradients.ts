import { disposeParams, type Params, tensorScope } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { type Loss, type LossGradients, lossGradients } from "../optim/mod.ts";
import { Replay } from "./awaited.ts";

/**
 * Differentiate a loss on fields that have to be awaited, by the factors of their last adapter.
 *
 * The loss is differentiated by the values of the fields, and each gradient goes back through its network. Fields of
 * other factors are constants.
 *
 * @param params Factors that the loss reads through such fields alone.
 * @param lossOf Pure function of the factors.
 * @returns As `lossGradients`: new tensors.
 */
export async function awaitGradients(params: Params, lossOf: (params: Params) => Loss): Promise<LossGradients> {
  using replay = new Replay(params);
  await replay.run(() => void tf.tidy(() => void lossOf(params)));
  const { values } = replay;
  const trained = Object.fromEntries(
    values.flatMap(({ velocity, pullback }, k) => pullback ? [[String(k), velocity] as const] : []),
  );
  const found = lossGradients(trained, (variables) => {
    const velocities = values.map(({ velocity }, k) => (variables[k] ?? velocity) as tf.Tensor4D);
    return replay.attempt(() => lossOf(params), velocities);
  });
  try {
    let gradients: Params = {};
    for (const [k, gradient] of Object.entries(found.gradients)) {
      const part = await values[Number(k)].pullback!(gradient as tf.Tensor4D).catch((error) => {
        disposeParams(gradients);
        throw error;
      });
      gradients = sum(gradients, part);
    }
    return { loss: found.loss, numbers: found.numbers, gradients };
  } catch (error) {
    tf.dispose([found.loss, found.numbers]);
    throw error;
  } finally {
    disposeParams(found.gradients);
  }
}

/** Adds gradients of the same names and frees the parts. */
function sum(sums: Params, part: Params): Params {
  if (Object.keys(sums).length === 0) return part;
  using scope = tensorScope();
  scope.own([sums, part]);
  return Object.fromEntries(Object.entries(part).map(([name, gradient]) => [name, sums[name].add(gradient)]));
}
