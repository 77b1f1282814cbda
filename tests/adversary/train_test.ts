import { assert, assertEquals } from "@std/assert";
import { hashParams, type Params, type StepReport, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  artifactNegatives,
  closedFormPerturbation,
  energyGradient,
  fixedTarget,
  parametricPerturbation,
  residualEnergy,
  sobolevCosine,
  trainAdversary,
  trainParametricAdversary,
} from "../../lib/adversary/mod.ts";
import { adapterOn, allImages, drawFlowBatch, fullWeights, linearPath } from "../../lib/flow/mod.ts";
import { createTrainState, disposeTrainState, type TrainState } from "../../lib/optim/mod.ts";
import { sobolevNorm } from "../../lib/sobolev/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages, toyBackbone, toyLora, toyPairs } from "../flow/toy.ts";

const pairs = toyPairs(6);
const optimizer = { learningRate: 1e-2, weightDecay: 0 };

/** Artifacts that are the inverted images: far from both image and condition. */
const inverted = artifactNegatives([{
  name: "inverted",
  images: [0, 2, 5],
  size: pairs.size,
  pixels: Float32Array.from(
    [0, 2, 5].flatMap((image) => [...pairs.hr.subarray(image * 192, (image + 1) * 192)].map((x) => -x)),
  ),
}]);

/** Trains to the last step, pausing after each of `pauses`, and hands the state over. */
async function finish(
  start: Params,
  steps: number,
  trainer: (state: TrainState) => AsyncGenerator<StepReport>,
  pauses: readonly number[] = [],
): Promise<{ reports: StepReport[]; state: TrainState }> {
  const state = createTrainState(start);
  const reports: StepReport[] = [];
  for (const pause of [...pauses, steps]) {
    for await (const report of trainer(state)) {
      reports.push(report);
      if (report.step === pause) break;
    }
  }
  return { reports, state };
}

const mean = (reports: readonly StepReport[]) => reports.reduce((sum, { loss }) => sum + loss, 0) / reports.length;

tensorTest("trainAdversary() leads the winner's state to the artifact, and resumes with the same bytes", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0));
  const common = { family: fullWeights(toyBackbone), optimizer, pairs, targets: inverted, seed: 0, batchSize: 4 };
  const trainer = (steps: number) => (state: TrainState) => trainAdversary({ ...common, state, steps });
  const whole = await finish(base, 80, trainer(80));
  assert(mean(whole.reports.slice(-10)) < 0.4 * mean(whole.reports.slice(0, 10)));
  const pieces = await finish(base, 80, trainer(80), [1, 30]);
  assertEquals(await hashParams(pieces.state.params), await hashParams(whole.state.params));
  disposeTrainState(whole.state);
  disposeTrainState(pieces.state);
});

tensorTest("trainAdversary() trains one adapter on a frozen base", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0)), lora = scope.own(toyLora(1));
  const before = await hashParams(base);
  const family = adapterOn(toyBackbone, base, { rank: 2, alpha: 2 });
  const { reports, state } = await finish(
    lora,
    40,
    (state) => trainAdversary({ family, state, optimizer, pairs, targets: inverted, seed: 0, steps: 40, batchSize: 4 }),
  );
  assert(mean(reports.slice(-10)) < 0.9 * mean(reports.slice(0, 10)));
  assertEquals(await hashParams(base), before);
  disposeTrainState(state);
});

tensorTest("parametricPerturbation() lies on the sphere whatever the network gives (Eq. 44)", () => {
  const field = toyBackbone.velocity(toyBackbone.init(0));
  const x = randomImages(1, [3, 8, 8, 3]), t = tf.tensor1d([0.1, 0.5, 0.9]);
  const delta = parametricPerturbation(field, x, t, x, { epsilon: 0.2, s: 1.5 });
  close(sobolevNorm(delta, 1.5), [0.2, 0.2, 0.2], { relative: 1e-5 });
});

tensorTest("trainParametricAdversary() lowers the energy and turns towards the closed form (Prop. 4.2)", async () => {
  using scope = tensorScope();
  const frozen = scope.own(toyBackbone.init(0)), start = scope.own(toyBackbone.init(3));
  const attacked = toyBackbone.velocity(frozen);
  const ball = { epsilon: 0.1, s: 0.5 };
  const family = fullWeights(toyBackbone);
  const { reports, state } = await finish(start, 80, (state) =>
    trainParametricAdversary({
      ...ball,
      family,
      attacked,
      state,
      optimizer,
      pairs,
      seed: 0,
      steps: 80,
      batchSize: 4,
      input: "image",
    }));
  assert(mean(reports.slice(-10)) < 0, `change of energy ${mean(reports.slice(-10))}`);
  const cosine = (params: Params): number =>
    tf.tidy(() => {
      const key = { seed: 5, purpose: "held-out", step: 0, micro: 0, batchSize: 8 };
      const { x0, x1, t, c } = drawFlowBatch(pairs, key, { times: "uniform", flips: false, images: allImages(6) });
      const { xt, u } = linearPath(x0, x1, t);
      const best = closedFormPerturbation(energyGradient(residualEnergy(attacked, fixedTarget(u), t, c), xt), ball);
      return sobolevCosine(parametricPerturbation(family(params), xt, t, x1, ball), best, ball.s).mean().dataSync()[0];
    });
  const [before, after] = [cosine(start), cosine(state.params)];
  assert(after > 0.5 && after > before, `cosine went from ${before} to ${after}`);
  disposeTrainState(state);
});

tensorTest("trainParametricAdversary() takes both inputs and both targets", async () => {
  using scope = tensorScope();
  const start = scope.own(toyBackbone.init(3));
  const attacked = toyBackbone.velocity(start);
  const losses = new Set<number>();
  for (const input of ["condition", "image"] as const) {
    for (const target of ["fixed", "moving"] as const) {
      const options = { family: fullWeights(toyBackbone), attacked, optimizer, pairs, seed: 0, steps: 1, batchSize: 4 };
      const { reports, state } = await finish(
        start,
        1,
        (state) => trainParametricAdversary({ ...options, state, input, target, epsilon: 0.1, s: 1.5 }),
      );
      losses.add(reports[0].loss);
      disposeTrainState(state);
    }
  }
  assertEquals(losses.size, 4);
});
