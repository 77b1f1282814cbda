import { mapParams, type Params, uploadParams } from "../../core/mod.ts";
import { tf } from "../../engine/mod.ts";
import type { Adapter } from "../../nn/mod.ts";
import * as optim from "../../optim/mod.ts";
import { type FlowBatch, flowMatchingLoss, fullWeights, linearPath } from "../../flow/mod.ts";
import { fieldNegatives } from "../../adversary/mod.ts";
import { dualLora, preferenceObjective } from "../../asdpo/mod.ts";
import type { Runner, StepName, StepNumbers } from "./runner.ts";
import { uploadBatch, type Workload } from "./workload.ts";

type Computed = Pick<StepNumbers, "loss" | "gradientNorm">;

/** A loss, the parameters it trains, and what else it holds in the engine. */
interface Training {
  readonly trained: Params;
  readonly frozen: Params;
  loss(params: Params, batch: FlowBatch): optim.Loss;
}

/**
 * Open a step of this project on the engine that runs.
 *
 * @param name Of the step.
 * @param workload Weights, adapters and batch.
 * @param traced Through the project's training loop, as every training runs; else operation by operation, which shows
 * what tracing gains. On wasm the two are the same.
 * @returns A runner whose first step traces.
 */
export function openStep(name: StepName, workload: Workload, traced: boolean): Runner<StepNumbers> {
  const { trained, frozen, loss } = name === "sft" ? sftTraining(workload) : asdpoTraining(workload);
  const state = optim.createTrainState(trained);
  tf.dispose(trained);
  const batch = uploadBatch(workload);
  const steps = traced ? loopSteps(state, workload, batch, loss) : eagerSteps(state, workload, batch, loss);
  return {
    run: async () => {
      const start = performance.now();
      const { value } = await steps.next();
      return { ms: performance.now() - start, ...value as Computed };
    },
    close: async () => {
      await steps.return(undefined);
      optim.disposeTrainState(state);
      tf.dispose([frozen, batch]);
    },
  };
}

function sftTraining({ backbone, base }: Workload): Training {
  const field = fullWeights(backbone);
  const loss = (params: Params, { x0, x1, t, c }: FlowBatch): optim.Loss => {
    const { xt, u } = linearPath(x0, x1, t);
    return { loss: flowMatchingLoss(field(params)(xt, t, c), u) };
  };
  return { trained: uploadParams(base), frozen: {}, loss };
}

function asdpoTraining({ backbone, base, adversary, policy, scale, objective }: Workload): Training {
  const weights = uploadParams(base), adapter: Adapter = { ...scale, params: uploadParams(adversary) };
  const negatives = fieldNegatives(backbone.velocity(weights, [adapter]));
  const pair = dualLora(backbone, weights, [], scale);
  const loss = (params: Params, batch: FlowBatch): optim.Loss => {
    const { loss } = preferenceObjective({ ...pair, policy: pair.policy(params), negatives }, batch, objective);
    return { loss };
  };
  return { trained: uploadParams(policy), frozen: { ...weights, ...prefixed(adapter.params) }, loss };
}

/** The training loop of the project. */
async function* loopSteps(
  state: optim.TrainState,
  { optimizer }: Workload,
  batch: FlowBatch,
  loss: Training["loss"],
): AsyncGenerator<Computed> {
  const fresh = (): FlowBatch => mapParams(batch, (tensor) => tensor.clone()) as unknown as FlowBatch;
  for await (
    const report of optim.train({ state, optimizer, steps: Number.MAX_SAFE_INTEGER, batch: fresh, loss })
  ) {
    yield { loss: report.loss, gradientNorm: report.gradientNorm };
  }
}

/** The same step, operation by operation. */
async function* eagerSteps(
  state: optim.TrainState,
  workload: Workload,
  batch: FlowBatch,
  lossOf: Training["loss"],
): AsyncGenerator<Computed> {
  const optimizer = optim.resolveAdamW(workload.optimizer, 1);
  while (true) {
    const { loss, norm, next } = tf.tidy(() => {
      const scalars = optim.stepScalars(state.step, optimizer);
      const { loss, gradients } = optim.lossGradients(state.params, (params) => lossOf(params, batch));
      const norm = optim.globalNorm(gradients);
      const clipped = optim.clipByNorm(gradients, norm, optimizer.clipNorm);
      return { loss, norm, next: optim.adamW(state, clipped, scalars, optimizer) };
    });
    optim.disposeTrainState(state);
    Object.assign(state, next, { step: state.step + 1 });
    const numbers = { loss: (await loss.data())[0], gradientNorm: (await norm.data())[0] };
    tf.dispose([loss, norm]);
    yield numbers;
  }
}

function prefixed(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, tensor]) => [`adversary.${name}`, tensor]));
}
