import { mapParams, type Params, rng, tensorScope } from "../../lib/core/mod.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import { smallTransformer } from "../../lib/backbones/mod.ts";
import { fieldNegatives } from "../../lib/adversary/mod.ts";
import { dualLora, preferenceObjective } from "../../lib/asdpo/mod.ts";
import { allImages, drawFlowBatch, frozen, sampleEuler, traceSampler } from "../../lib/flow/mod.ts";
import { createLora } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { toyPairs } from "../flow/toy.ts";

const backbone = smallTransformer({ width: 32, heads: 4, double: 1, single: 1 });
const scale = { rank: 4, alpha: 4 };
const pairs = toyPairs(4, 16);
const options = { s: 1.5, beta: 2000, rho: 0.5 };

/** Weights of a trained scale: none is zero, as some are before training. */
function trainedLike(params: Params, seed: number): Params {
  return tf.tidy(() =>
    mapParams(params, (tensor, name) => {
      const noise = rng(seed, name).normals(tensor.size).map((value) => value * 0.05);
      return tf.keep(tensor.add(tf.tensor(noise, tensor.shape)));
    })
  );
}

/** Reference, zero-initialised and moved policy, adversary and a batch. */
function setUp() {
  const first = backbone.init(0), zero = createLora(backbone.targets, { ...scale, rng: rng(0, "policy") }).params;
  const base = trainedLike(first, 1), moved = trainedLike(zero, 2), other = trainedLike(zero, 3);
  tf.dispose(Object.values(first));
  const { reference, policy } = dualLora(backbone, base, [], scale);
  const adversary = backbone.velocity(base, [{ ...scale, params: other }]);
  const key = { seed: 0, purpose: "test", step: 0, micro: 0, batchSize: 4 };
  const batch = drawFlowBatch(pairs, key, { times: "uniform", flips: false, images: allImages(4) });
  const contest = { reference, negatives: fieldNegatives(adversary) };
  return { policy, contest, zero, moved, batch, all: [base, zero, moved, other, batch] };
}

tensorTest("a zero-initialised policy on the small transformer starts at ln 2 with no gap", () => {
  const { policy, contest, zero, batch, all } = setUp();
  const { loss, winnerGap, loserGap } = preferenceObjective({ ...contest, policy: policy(zero) }, batch, options);
  // Adapters beside the weights change the order of sums: the gaps are zero up to rounding.
  close(winnerGap, [0, 0, 0, 0], 1e-6);
  close(loserGap, [0, 0, 0, 0], 1e-6);
  close(loss, Math.LN2, 1e-3);
  tf.dispose(all);
});

tensorTest("a traced AS-DPO step of the small transformer equals the eager one, gradients included", async () => {
  using scope = tensorScope();
  const { policy, contest, moved, batch, all } = setUp();
  scope.own(all);
  const step = (params: Params, data: typeof batch) => {
    const names = Object.keys(params);
    const lossOf = (...values: tf.Tensor[]) => {
      const bound = policy(Object.fromEntries(values.map((value, i) => [names[i], value])));
      return preferenceObjective({ ...contest, policy: bound }, data, { ...options, beta: 20 }).loss;
    };
    const values = names.map((name) => params[name]);
    return { loss: lossOf(...values), gradients: tf.grads(lossOf)(values) };
  };
  const traced = trace(step);
  const found = scope.own(await traced(moved, batch));
  traced.dispose();
  const eager = scope.own(tf.tidy(() => step(moved, batch)));
  close(found.loss, eager.loss, { relative: 1e-5 });
  const largest = Math.max(...eager.gradients.map((gradient) => tf.tidy(() => gradient.abs().max().dataSync()[0])));
  found.gradients.forEach((gradient, i) => close(gradient, eager.gradients[i], 1e-4 * largest));
});

tensorTest("frozen() networks leave the gradient of the policy as it is", () => {
  const { policy, contest: { reference }, moved, batch, all } = setUp();
  const { x1, t, c } = batch;
  const slope = (field: typeof reference) =>
    tf.grad((value) => policy({ ...moved, [name]: value })(x1, t, c).sub(field(x1, t, c)).square().sum())(moved[name]);
  const name = Object.keys(moved)[1];
  close(slope(frozen(reference)), slope(reference), { relative: 1e-5 });
  tf.dispose(all);
});

tensorTest("a traced sampler of the small transformer equals the eager one", async () => {
  using scope = tensorScope();
  const { contest: { reference }, batch: { x0, c }, all } = setUp();
  scope.own(all);
  using sampler = traceSampler(reference);
  close(scope.own(await sampler.sample({ x0, c, steps: 3 })), scope.own(sampleEuler(reference, x0, c, 3)), 1e-4);
});
