import { assert, assertEquals } from "@std/assert";
import { hashParams, type Params, rng, type StepReport, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  artifactNegatives,
  buildRolloutBank,
  fieldNegatives,
  type NegativeSource,
  rolloutNegatives,
} from "../../lib/adversary/mod.ts";
import { asdpo, type AsDpoOptions, dualLora, preferenceObjective } from "../../lib/asdpo/mod.ts";
import { allImages, drawFlowBatch } from "../../lib/flow/mod.ts";
import { createTrainState, disposeTrainState } from "../../lib/optim/mod.ts";
import { close, tensorTest } from "../support.ts";
import { toyBackbone, toyLora, toyPairs } from "../flow/toy.ts";

const pairs = toyPairs(6);
const scale = { rank: 2, alpha: 2 };
const optimizer = { learningRate: 3e-3, weightDecay: 0, warmup: 2, decay: "linear" } as const;
const artifacts = [{
  name: "blurred",
  images: [1, 2, 4],
  size: pairs.size,
  pixels: rng(0, "toy-artifacts").normals(3 * pairs.size ** 2 * 3).map((value) => value * 0.3),
}];

/** Reference, a random adversary and a bank of rollouts on the toy; the caller disposes `all`. */
async function setUp(): Promise<{
  networks: ReturnType<typeof dualLora>;
  start: Params;
  sources: Record<"adversary" | "self" | "static" | "own" | "fresh", NegativeSource>;
  all: Params[];
}> {
  const base = toyBackbone.init(0), start = toyLora(1), adversary = toyLora(2, 2, false);
  const networks = dualLora(toyBackbone, base, [], scale);
  const bank = await buildRolloutBank({
    field: networks.reference,
    pairs,
    images: [0, 3, 5],
    draws: 2,
    steps: 4,
    seed: 0,
    batchSize: 2,
  });
  return {
    networks,
    start,
    sources: {
      adversary: fieldNegatives(toyBackbone.velocity(base, [{ ...scale, params: adversary }])),
      self: fieldNegatives(networks.reference),
      static: artifactNegatives(artifacts),
      own: rolloutNegatives(bank, "own"),
      fresh: rolloutNegatives(bank, "fresh"),
    },
    all: [base, start, adversary],
  };
}

async function run(
  { networks, start }: Awaited<ReturnType<typeof setUp>>,
  negatives: NegativeSource,
  options: Partial<AsDpoOptions> = {},
  pauses: readonly number[] = [],
): Promise<{ hash: string; reports: StepReport[] }> {
  const state = createTrainState(start);
  const reports: StepReport[] = [];
  const steps = options.steps ?? 4;
  const common = {
    ...networks,
    negatives,
    state,
    optimizer,
    pairs,
    seed: 0,
    batchSize: 4,
    s: 1.5,
    beta: 200,
    rho: 0.5,
  };
  try {
    for (const pause of [...pauses, steps]) {
      const history = reports.map(({ winnerGap }) => winnerGap);
      for await (const report of asdpo({ ...common, ...options, steps, health: { history, ...options.health } })) {
        reports.push(report);
        if (report.step === pause) break;
      }
    }
    return { hash: await hashParams(state.params), reports };
  } finally {
    disposeTrainState(state);
  }
}

tensorTest("asdpo() starts at ln 2 with every source of negatives, and reports its diagnostics", async () => {
  using scope = tensorScope();
  const setup = await setUp();
  scope.own(setup.all);
  for (const [name, negatives] of Object.entries(setup.sources)) {
    const { reports } = await run(setup, negatives, { s: name === "self" ? 0 : 1.5 });
    const [first, last] = [reports[0], reports[reports.length - 1]];
    close(first.loss, Math.LN2, 1e-6);
    assertEquals([first.winnerGap, first.loserGap, first.margin, first.accuracy], [0, 0, 0, 0.5]);
    assert(first.winnerEnergy > 0 && first.gradientNorm > 0, name);
    assert(last.winnerGap !== 0 && last.loserGap !== 0, name);
    assertEquals(last.healthy, 1);
  }
});

tensorTest("asdpo() lowers the loss and orders the pairs", async () => {
  using scope = tensorScope();
  const setup = await setUp();
  scope.own(setup.all);
  const { reports } = await run(setup, setup.sources.static, { steps: 40, beta: 300, rho: 1 });
  const mean = (name: string) => reports.slice(-8).reduce((sum, report) => sum + report[name], 0) / 8;
  assert(mean("loss") < 0.6, `loss ${mean("loss")}`);
  assert(mean("accuracy") > 0.8, `accuracy ${mean("accuracy")}`);
  assert(mean("margin") > 0 && mean("loserGap") > mean("winnerGap"));
});

tensorTest("asdpo() resumes with the same bytes and the same reports", async () => {
  using scope = tensorScope();
  const setup = await setUp();
  scope.own(setup.all);
  for (const name of ["adversary", "own"] as const) {
    const whole = await run(setup, setup.sources[name]);
    const pieces = await run(setup, setup.sources[name], {}, [1, 3]);
    assertEquals(pieces, whole);
  }
});

tensorTest("asdpo() stops at a closed health gate where it is told to", async () => {
  using scope = tensorScope();
  const setup = await setUp();
  scope.own(setup.all);
  const rising = { beta: 2000, rho: 1, optimizer: { learningRate: 0.3, weightDecay: 0 }, steps: 12 };
  const health = { limit: 1e-4, window: 3 };
  const reported = await run(setup, setup.sources.static, { ...rising, health });
  assertEquals(reported.reports.length, 12);
  const closed = reported.reports.findIndex(({ healthy }) => healthy === 0);
  assert(closed > 0, "the gate stayed open");
  const stopped = await run(setup, setup.sources.static, { ...rising, health: { ...health, action: "stop" } });
  assertEquals(stopped.reports, reported.reports.slice(0, closed + 1));
});

tensorTest("asdpo() leaves the reference and the adversary as they were", async () => {
  using scope = tensorScope();
  const setup = await setUp();
  scope.own(setup.all);
  const before = await Promise.all(setup.all.map(hashParams));
  await run(setup, setup.sources.adversary);
  assertEquals(await Promise.all(setup.all.map(hashParams)), before);
});

tensorTest("asdpo() with accumulation sees the items of one larger batch", async () => {
  using scope = tensorScope();
  const setup = await setUp();
  scope.own(setup.all);
  const one = await run(setup, setup.sources.own, { steps: 2 });
  const two = await run(setup, setup.sources.own, { steps: 2, batchSize: 2, accumulation: 2 });
  for (const name of ["loss", "winnerGap", "loserGap", "winnerEnergy", "gradientNorm"]) {
    close(two.reports[1][name], one.reports[1][name], { relative: 1e-4, absolute: 1e-7 });
  }
});

tensorTest("preferenceObjective() with the reference as adversary is the self-negative", () => {
  const params = toyBackbone.init(0);
  const { reference, policy } = dualLora(toyBackbone, params, [], scale);
  const key = { seed: 0, purpose: "test", step: 0, micro: 0, batchSize: 3 };
  const batch = drawFlowBatch(pairs, key, { times: "uniform", flips: false, images: allImages(6) });
  const options = { s: 1.5, beta: 200 };
  const contest = { policy: policy(toyLora(3, 2, false)), reference };
  const self = preferenceObjective({ ...contest, negatives: fieldNegatives(reference) }, batch, options);
  // The same negative given as an image: x1 = xt + (1 - t) v(xt).
  const time = batch.t.reshape([3, 1, 1, 1]);
  const xt: tf.Tensor4D = batch.x0.mul(tf.sub(1, time)).add(batch.x1.mul(time));
  const loser: tf.Tensor4D = xt.add(reference(xt, batch.t, batch.c).mul(tf.sub(1, time)));
  const stored = artifactNegatives(artifacts);
  const given = preferenceObjective({ ...contest, negatives: stored }, { ...batch, loser }, options);
  close(given.loserGap, self.loserGap, { relative: 1e-4 });
  close(given.loss, self.loss, 1e-4);
});
