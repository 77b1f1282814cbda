import { assert, assertEquals, assertRejects } from "@std/assert";
import { hashParams, type Params, type StepReport, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  adapterOn,
  allImages,
  drawFlowBatch,
  flowMatchingLoss,
  fullWeights,
  linearPath,
  sft,
  type SftOptions,
  type VelocityFamily,
} from "../../lib/flow/mod.ts";
import { createTrainState, disposeTrainState } from "../../lib/optim/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages, toyBackbone, toyLora, toyPairs } from "./toy.ts";

const pairs = toyPairs(6);
const common = {
  optimizer: { learningRate: 1e-2, weightDecay: 0 },
  pairs,
  seed: 0,
  batchSize: 4,
  times: "logit-normal",
} as const;

/** Trains from `start` in one piece, or stopping and going on after each of `pauses`. */
async function trained(
  family: VelocityFamily,
  start: Params,
  steps: number,
  options: Partial<SftOptions> = {},
  pauses: readonly number[] = [],
): Promise<{ hash: string; reports: StepReport[] }> {
  const state = createTrainState(start);
  const reports: StepReport[] = [];
  try {
    for (const pause of [...pauses, steps]) {
      for await (const report of sft({ ...common, family, state, steps, ...options })) {
        reports.push(report);
        if (report.step === pause) break;
      }
    }
    return { hash: await hashParams(state.params), reports };
  } finally {
    disposeTrainState(state);
  }
}

tensorTest("sft() lowers the loss, with full weights and with one adapter on a frozen base", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0)), lora = scope.own(toyLora(1));
  const before = await hashParams(base);
  const families: [VelocityFamily, Params][] = [
    [fullWeights(toyBackbone), base],
    [adapterOn(toyBackbone, base, { rank: 2, alpha: 2 }), lora],
  ];
  for (const [family, start] of families) {
    const { reports } = await trained(family, start, 60);
    const mean = (part: StepReport[]) => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
    const [early, late] = [mean(reports.slice(0, 10)), mean(reports.slice(-10))];
    assert(late < 0.85 * early, `loss went from ${early} to ${late}`);
    assertEquals(reports.map(({ step }) => step), Array.from({ length: 60 }, (_, k) => k + 1));
  }
  assertEquals(await hashParams(base), before);
});

tensorTest("sft() resumes with the same bytes", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0));
  const whole = await trained(fullWeights(toyBackbone), base, 6);
  const pieces = await trained(fullWeights(toyBackbone), base, 6, {}, [2, 3]);
  assertEquals(pieces.hash, whole.hash);
  assertEquals(pieces.reports, whole.reports);
});

tensorTest("sft() depends on the Sobolev index, the purpose and the seed", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0));
  const hash = async (options: Partial<SftOptions>) => (await trained(fullWeights(toyBackbone), base, 2, options)).hash;
  const hashes = [await hash({}), await hash({ s: 1.5 }), await hash({ purpose: "finetune" }), await hash({ seed: 1 })];
  assertEquals(new Set(hashes).size, 4);
});

tensorTest("sft() stops at its signal", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0));
  const { reports } = await trained(fullWeights(toyBackbone), base, 5, { signal: AbortSignal.abort() });
  assertEquals(reports, []);
});

tensorTest("sft() reports the loss of the eager computation", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0));
  const { reports: [{ loss }] } = await trained(fullWeights(toyBackbone), base, 1, { s: 1.5, flips: false });
  const key = { seed: 0, purpose: "sft", step: 0, micro: 0, batchSize: 4 };
  const options = { times: "logit-normal", flips: false, images: allImages(6) } as const;
  const eager = tf.tidy(() => {
    const { x0, x1, t, c } = drawFlowBatch(pairs, key, options);
    const { xt, u } = linearPath(x0, x1, t);
    return flowMatchingLoss(toyBackbone.velocity(base)(xt, t, c), u, { s: 1.5 }).dataSync()[0];
  });
  close(loss, eager, { relative: 1e-5 });
});

tensorTest("sft() refuses a batch of no images", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0));
  const none = { ...pairs, count: 0, ids: [] };
  await assertRejects(() => trained(fullWeights(toyBackbone), base, 1, { pairs: none }), RangeError, "at least one");
});

tensorTest("adapterOn() with a zero second factor is the base", () => {
  const base = toyBackbone.init(0), lora = toyLora(1);
  const x = randomImages(1, [2, 4, 4, 3]), t = tf.tensor1d([0.1, 0.9]);
  const field = adapterOn(toyBackbone, base, { rank: 2, alpha: 2 })(lora);
  close(field(x, t, x), toyBackbone.velocity(base)(x, t, x), 0);
});
