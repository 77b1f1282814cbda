import { assert, assertEquals, assertRejects } from "@std/assert";
import { disposeParams, hashParams, type Params, rng, TrainingError } from "../../lib/core/mod.ts";
import { engineInfo, tf } from "../../lib/engine/mod.ts";
import {
  createTrainState,
  type Differentiate,
  disposeTrainState,
  globalNorm,
  lossGradients,
  train,
  type TrainState,
} from "../../lib/optim/mod.ts";
import { close, tensorTest } from "../support.ts";
import { type Batch, batchOf, initialParams, loss, reportsOf, training } from "./problem.ts";

function startState(): TrainState {
  const params = initialParams();
  const state = createTrainState(params);
  disposeParams(params);
  return state;
}

async function hashState({ step, params, m, v }: TrainState): Promise<string> {
  return [step, await hashParams(params), await hashParams(m), await hashParams(v)].join(" ");
}

tensorTest("train() lowers the loss and reports its numbers after every step", async () => {
  const state = startState();
  const fixed = { ...training, steps: 30, batch: () => batchOf(1)(0, 0) };
  const reports = await reportsOf(train({ state, ...fixed }));
  assertEquals(reports.map(({ step }) => step), Array.from({ length: 30 }, (_, i) => i + 1));
  assertEquals(Object.keys(reports[0]).sort(), ["gradientNorm", "largest", "learningRate", "loss", "step", "steps"]);
  assert(reports[29].loss < reports[0].loss);
  disposeTrainState(state);
});

for (const accumulation of [1, 2]) {
  tensorTest(`train() with awaited gradients equals the traced step: ${accumulation} micro-batches`, async () => {
    const [traced, awaited] = [startState(), startState()];
    const options = { ...training, accumulation, batch: batchOf(accumulation) };
    const expected = await reportsOf(train({ state: traced, ...options }));
    const differentiate: Differentiate = async (params, lossOf) => await Promise.resolve(lossGradients(params, lossOf));
    const actual = await reportsOf(train({ state: awaited, ...options, differentiate }));
    for (const name of Object.keys(traced.params)) close(awaited.params[name], traced.params[name], 1e-6);
    assertEquals(Object.keys(actual[0]).sort(), Object.keys(expected[0]).sort());
    for (const i of expected.keys()) close(actual[i].gradientNorm, expected[i].gradientNorm, { relative: 1e-5 });
    disposeTrainState(traced);
    disposeTrainState(awaited);
  });
}

tensorTest("train() on 2 micro-batches equals train() on one batch of both", async () => {
  const [one, two] = [startState(), startState()];
  const expected = await reportsOf(train({ state: one, ...training }));
  const actual = await reportsOf(train({ state: two, ...training, accumulation: 2, batch: batchOf(2) }));
  for (const name of Object.keys(one.params)) close(two.params[name], one.params[name], 1e-5);
  for (const i of expected.keys()) {
    close(actual[i].loss, expected[i].loss, { relative: 1e-5 });
    close(actual[i].gradientNorm, expected[i].gradientNorm, { relative: 1e-5 });
  }
  disposeTrainState(one);
  disposeTrainState(two);
});

tensorTest("train() leaves a parameter without influence on the loss as it is, decay included", async () => {
  const state = startState();
  await reportsOf(train({ state, ...training }));
  const bits = new Uint32Array((await state.params.unused.data()).slice().buffer);
  assertEquals([...bits], [0x3F000000, 0x80000000]); // 0.5 and -0
  disposeTrainState(state);
});

tensorTest("train() traces the loss once and disposes every batch", async () => {
  const state = startState();
  let calls = 0;
  const batches: Batch[] = [];
  const counted = (params: Params, batch: Batch) => (calls++, loss(params, batch));
  const recorded = (step: number, micro: number): Batch => {
    batches.push(batchOf(1)(step, micro));
    return batches.at(-1)!;
  };
  await reportsOf(train({ state, ...training, loss: counted, batch: recorded }));
  assertEquals(calls, engineInfo().backend === "wasm" ? 6 : 1);
  assertEquals(batches.map(({ x, y }) => x.isDisposed && y.isDisposed), new Array(6).fill(true));
  disposeTrainState(state);
});

tensorTest("train() does not touch the tensors that the loss closes over", async () => {
  const state = startState(), frozen = tf.tensor2d([[1, 2], [3, 4]]);
  const withFrozen = (params: Params, { x, y }: Batch) => {
    const predicted = tf.matMul(tf.matMul(x, params.weight as tf.Tensor2D), frozen);
    return { loss: predicted.sub(y).square().mean<tf.Scalar>() };
  };
  await reportsOf(train({ state, ...training, steps: 2, loss: withFrozen }));
  close(frozen.dataSync(), [1, 2, 3, 4], 0);
  frozen.dispose();
  disposeTrainState(state);
});

tensorTest("train() stops after the current step when aborted, and goes on with the same bytes", async () => {
  const [state, straight] = [startState(), startState()];
  await reportsOf(train({ state: straight, ...training }));
  const controller = new AbortController();
  let steps = 0;
  for await (const { step } of train({ state, ...training, signal: controller.signal })) {
    steps++;
    if (step === 2) controller.abort();
  }
  assertEquals([steps, state.step], [2, 2]);
  await reportsOf(train({ state, ...training }));
  assertEquals(await hashState(state), await hashState(straight));
  disposeTrainState(state);
  disposeTrainState(straight);
});

tensorTest("train() may be left between two steps", async () => {
  const state = startState();
  for await (const { step } of train({ state, ...training })) {
    if (step === 3) break;
  }
  assertEquals(state.step, 3);
  disposeTrainState(state);
});

tensorTest("train() lets timers run between steps", async () => {
  const state = startState();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 0);
  for await (const _ of train({ state, ...training, steps: 20 })) { /* the steps alone are of interest */ }
  clearInterval(timer);
  assert(ticks > 0);
  disposeTrainState(state);
});

tensorTest("train() throws on a loss that is not finite and keeps the last good state", async () => {
  const state = startState();
  const poisoned = (step: number, micro: number): Batch => {
    const batch = batchOf(2)(step, micro);
    if (step < 2 || micro < 1) return batch;
    batch.x.dispose();
    return { x: tf.fill([4, 3], NaN), y: batch.y };
  };
  let good = "";
  const run = async (): Promise<void> => {
    for await (const _ of train({ state, ...training, accumulation: 2, batch: poisoned })) {
      good = await hashState(state);
    }
  };
  await assertRejects(run, TrainingError, "step 3 as the loss of its batch 2 must be finite: current value is NaN");
  assertEquals(await hashState(state), good);
  disposeTrainState(state);
});

tensorTest("train() throws on a gradient that is not finite though the loss is", async () => {
  const state = startState();
  const cusp = (params: Params) => ({ loss: params.weight.mul(0).sqrt().sum<tf.Scalar>() });
  const run = (): Promise<unknown> => reportsOf(train({ state, ...training, loss: cusp }));
  await assertRejects(run, TrainingError, "step 1 as the gradient norm of its batch 1 must be finite");
  assertEquals(state.step, 0);
  disposeTrainState(state);
});

tensorTest("train() passes on what a batch throws", async () => {
  const state = startState();
  const failing = (step: number, micro: number): Batch => {
    if (step === 1) throw new RangeError("no such image");
    return batchOf(2)(step, micro);
  };
  const run = (): Promise<unknown> => reportsOf(train({ state, ...training, accumulation: 2, batch: failing }));
  await assertRejects(run, RangeError, "no such image");
  assertEquals(state.step, 1);
  disposeTrainState(state);
});

tensorTest("train() passes on what a loss throws, and frees what it had made", async () => {
  const state = startState();
  const failing = (params: Params, batch: Batch) => {
    loss(params, batch);
    throw new RangeError("no such unit");
  };
  const run = (): Promise<unknown> => reportsOf(train({ state, ...training, loss: failing }));
  await assertRejects(run, RangeError, "no such unit");
  assertEquals(state.step, 0);
  disposeTrainState(state);
});

tensorTest("train() throws on options out of range", async () => {
  const state = startState(), { learningRate } = training.optimizer;
  const wrong: [Partial<typeof training>, string][] = [
    [{ steps: -1 }, "steps must be a whole number"],
    [{ accumulation: 0 }, "accumulation must be a whole number, at least 1"],
    [{ optimizer: { learningRate: NaN } }, "learningRate must be"],
    [{ optimizer: { learningRate, betas: [0.9, 1] } }, "betas must be"],
    [{ optimizer: { learningRate, clipNorm: 0 } }, "clipNorm must be positive or null"],
    [{ optimizer: { learningRate, warmup: 1.5 } }, "warmup must be"],
    [{ optimizer: { learningRate, floor: 2 } }, "floor must be in [0, 1]"],
    [{ optimizer: { learningRate, epsilon: 0 } }, "epsilon must be positive"],
    [{ optimizer: { learningRate, weightDecay: -1 } }, "weightDecay must be at least 0"],
  ];
  for (const [options, message] of wrong) {
    await assertRejects(() => reportsOf(train({ state, ...training, ...options })), RangeError, message);
  }
  disposeTrainState(state);
});

tensorTest("globalNorm() does not depend on the order of the names, to the last bit", () => {
  const tensors = Array.from({ length: 40 }, (_, i) => [`p${i}`, tf.tensor1d(rng(7, "norm", i).normals(50))] as const);
  const [there, back] = [tensors, [...tensors].reverse()].map((each) => globalNorm(Object.fromEntries(each)));
  assertEquals([...there.dataSync()], [...back.dataSync()]);
});
