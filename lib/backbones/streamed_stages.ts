import { type TensorTree, tf, trace, type Traced } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Adapter } from "../nn/mod.ts";
import { BLOCK } from "./block_stream.ts";
import { fluxEnd, fluxStart, joinStreams, jointDoubleBlock } from "./flux.ts";
import { type FluxPass, singleBlock } from "./flux_blocks.ts";
import type { FluxConfig } from "./flux_config.ts";
import { type FluxBackboneOptions, fluxInputs, fluxVelocity } from "./flux_field.ts";

/** What the blocks hand on. */
export type Flow = {
  /** Text tokens, then image tokens. `[B, T + N, C]` */
  readonly joint: tf.Tensor;
  /** SiLU of the embedding of time, guidance and pooled text. `[B, C]` */
  readonly modulation: tf.Tensor;
  /** Rotary table. */
  readonly cos: tf.Tensor;
  /** Rotary table. */
  readonly sin: tf.Tensor;
};

/** Inputs of a velocity field. */
export type FieldInputs = { readonly xt: tf.Tensor4D; readonly t: tf.Tensor1D; readonly c: tf.Tensor4D };

/** Weights of a stage with the factors of its adapters, by the adapters' order. */
export type StageWeights = { readonly weights: Params; readonly factors: readonly Params[] };

/** A stage of the network on `flow`, and its way back. */
export interface Stage<Extra extends TensorTree> {
  /** Run it. */
  readonly forward: Traced<[StageWeights, Flow, Extra], tf.Tensor>;
  /**
   * Run it again and differentiate `sum(gradient * forward)`: by `joint`, `modulation` and every factor of the last adapter.
   */
  readonly backward: Traced<[StageWeights, Flow, Extra, tf.Tensor], Params>;
}

/** The traced functions of a streamed transformer: one serves all blocks of its kind. */
export interface FluxStages extends Disposable {
  /** Before the blocks. */
  readonly start: Traced<[StageWeights, FieldInputs], Flow>;
  /** Gradients of the last adapter's factors before the blocks, from those of `joint` and `modulation`. */
  readonly startBackward: Traced<[StageWeights, FieldInputs, Pick<Flow, "joint" | "modulation">], Params>;
  /** Joint tokens after a double block. */
  readonly double: Stage<readonly []>;
  /** Joint tokens after a single block. */
  readonly single: Stage<readonly []>;
  /** The velocity; gets the state for its shape. */
  readonly end: Stage<tf.Tensor4D>;
}

/**
 * Trace the stages of a FLUX transformer.
 *
 * @param config Widths and depths.
 * @param options Text, condition and guidance.
 * @param scales Rank and alpha of the adapters whose factors the stages get.
 */
export function fluxStages(
  config: FluxConfig,
  options: FluxBackboneOptions,
  scales: readonly Pick<Adapter, "rank" | "alpha">[],
): FluxStages {
  const textTokens = options.context.shape[1]!;
  const adaptersOf = (factors: readonly Params[]) => scales.map((scale, k) => ({ ...scale, params: factors[k] }));
  const passOf = ({ weights, factors }: StageWeights, { modulation, cos, sin }: Flow): FluxPass => ({
    heads: config.heads,
    params: weights,
    adapters: adaptersOf(factors),
    modulation,
    rope: { cos, sin },
  });
  const startOf = ({ weights, factors }: StageWeights, { xt, t, c }: FieldInputs): Flow => {
    const inputs = fluxInputs(config, options, xt, t, c);
    const { modulation, streams } = fluxStart(config, weights, inputs, adaptersOf(factors));
    return { joint: joinStreams(streams), modulation, cos: inputs.rope.cos, sin: inputs.rope.sin };
  };
  const start = trace(startOf, { name: "flux start" });
  const startBackward = trace(
    (given: StageWeights, inputs: FieldInputs, gradient: Pick<Flow, "joint" | "modulation">) =>
      gradientsOf(lastFactors(given), (trained) => {
        const { joint, modulation } = startOf(withFactors(given, trained), inputs);
        return joint.mul(gradient.joint).sum().add(modulation.mul(gradient.modulation).sum());
      }),
    { name: "flux start, backward" },
  );
  const double = stage<readonly []>(
    "flux double block",
    (given, flow) => jointDoubleBlock(passOf(given, flow), BLOCK, flow.joint, textTokens),
  );
  const single = stage<readonly []>(
    "flux single block",
    (given, flow) => singleBlock(passOf(given, flow), BLOCK, flow.joint),
  );
  const end = stage<tf.Tensor4D>(
    "flux end",
    (given, flow, xt) => fluxVelocity(config, options, fluxEnd(passOf(given, flow), flow.joint, textTokens), xt),
  );
  const dispose = () => {
    for (const { forward, backward } of [double, single, end]) [forward, backward].forEach((each) => each.dispose());
    for (const each of [start, startBackward]) each.dispose();
  };
  return { start, startBackward, double, single, end, [Symbol.dispose]: dispose };
}

function stage<Extra extends TensorTree>(
  name: string,
  run: (given: StageWeights, flow: Flow, extra: Extra) => tf.Tensor,
): Stage<Extra> {
  return {
    forward: trace((given: StageWeights, flow: Flow, extra: Extra) => run(given, flow, extra), { name }),
    backward: trace((given: StageWeights, flow: Flow, extra: Extra, gradient: tf.Tensor) => {
      const { joint, modulation } = flow;
      return gradientsOf(
        { joint, modulation, ...lastFactors(given) },
        ({ joint, modulation, ...trained }) =>
          run(withFactors(given, trained), { ...flow, joint, modulation }, extra).mul(gradient).sum(),
      );
    }, { name: `${name}, backward` }),
  };
}

/** Gradients by name of a scalar; zero where it does not depend on a tensor. */
function gradientsOf(by: Params, scalar: (by: Params) => tf.Tensor): Params {
  const names = Object.keys(by), tensors = Object.values(by);
  const named = (tensors: readonly tf.Tensor[]) => Object.fromEntries(names.map((name, k) => [name, tensors[k]]));
  const { grads } = tf.engine().gradients(() => scalar(named(tensors)), tensors, undefined, true);
  return named(grads.map((gradient, k) => gradient ?? tf.zerosLike(tensors[k])));
}

function lastFactors({ factors }: StageWeights): Params {
  return factors.at(-1) ?? {};
}

function withFactors({ weights, factors }: StageWeights, trained: Params): StageWeights {
  return { weights, factors: factors.length === 0 ? factors : [...factors.slice(0, -1), trained] };
}
