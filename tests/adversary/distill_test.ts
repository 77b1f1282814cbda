import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { hashParams, type StepReport, tensorScope } from "../../lib/core/mod.ts";
import { distill, mixBank, type RolloutBank, rolloutNegatives, rolloutNoise } from "../../lib/adversary/mod.ts";
import { adapterOn } from "../../lib/flow/mod.ts";
import { createTrainState, disposeTrainState } from "../../lib/optim/mod.ts";
import { tensorTest } from "../support.ts";
import { toyBackbone, toyLora, toyPairs } from "../flow/toy.ts";

const pairs = toyPairs(3);
const values = pairs.size ** 2 * 3;
/** Two samples of each of two images: the inverted truths. */
const bank: RolloutBank = {
  images: [0, 2],
  draws: 2,
  steps: 4,
  seed: 5,
  size: pairs.size,
  pixels: Float32Array.from(
    [0, 2, 0, 2].flatMap((image) => [...pairs.hr.subarray(image * values, (image + 1) * values)].map((x) => -x)),
  ),
};

Deno.test("mixBank() lies between rollouts and means, on the same noise", () => {
  const means = new Float32Array(2 * values).fill(0.5);
  assertEquals(mixBank(bank, means, 1), bank);
  assert(mixBank(bank, means, 0).pixels.every((x) => x === 0.5));
  const half = mixBank(bank, means, 0.5);
  assert(half.pixels.every((x, i) => Math.abs(x - (bank.pixels[i] + 0.5) / 2) < 1e-6));
  assertEquals(rolloutNoise(half, 2, 1), rolloutNoise(bank, 2, 1));
  assertThrows(() => mixBank(bank, means.subarray(1), 0.5), RangeError, `must have ${2 * values} values`);
});

tensorTest("distill() trains one adapter towards stored images, and resumes with the same bytes", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0)), lora = scope.own(toyLora(1));
  const before = await hashParams(base);
  const common = {
    family: adapterOn(toyBackbone, base, { rank: 2, alpha: 2 }),
    optimizer: { learningRate: 1e-2, weightDecay: 0 },
    pairs,
    targets: rolloutNegatives(bank, "own"),
    seed: 0,
    batchSize: 4,
  };
  const train = async (pauses: readonly number[]) => {
    const state = createTrainState(lora), reports: StepReport[] = [];
    for (const pause of [...pauses, 60]) {
      for await (const report of distill({ ...common, state, steps: 60 })) {
        reports.push(report);
        if (report.step === pause) break;
      }
    }
    const hash = await hashParams(state.params);
    disposeTrainState(state);
    return { hash, losses: reports.map(({ loss }) => loss) };
  };
  const mean = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const whole = await train([]), pieces = await train([7]);
  assert(mean(whole.losses.slice(-10)) < 0.9 * mean(whole.losses.slice(0, 10)), whole.losses.join(" "));
  assertEquals(pieces.hash, whole.hash);
  assertEquals(await hashParams(base), before);
});

tensorTest("distill() finds gradients as it is told to", async () => {
  using scope = tensorScope();
  const base = scope.own(toyBackbone.init(0)), state = createTrainState(scope.own(toyLora(1)));
  const run = distill({
    family: adapterOn(toyBackbone, base, { rank: 2, alpha: 2 }),
    optimizer: { learningRate: 1e-2 },
    pairs,
    targets: rolloutNegatives(bank, "own"),
    seed: 0,
    batchSize: 4,
    state,
    steps: 1,
    differentiate: () => Promise.reject(new Error("asked for gradients")),
  });
  await assertRejects(() => run.next(), Error, "asked for gradients");
  disposeTrainState(state);
});
