import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { hashParams, type StepReport, StoppedError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { rasterToTensor, resizeBicubic, tensorToRasters } from "../../lib/image/mod.ts";
import { createTrainState, disposeTrainState } from "../../lib/optim/mod.ts";
import {
  bicubic,
  gaussianBlur,
  initSmallRestorer,
  lowResolution,
  pixelShuffle,
  restorePairs,
  smallRestorer,
  trainSmallRestorer,
  unsharpMask,
} from "../../lib/restorers/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages, toyPairs } from "../flow/toy.ts";

tensorTest("bicubic is lib/image's resize on tensors", () => {
  const x = randomImages(1, [2, 5, 8, 3]).mul<tf.Tensor4D>(0.1);
  const expected = tensorToRasters(x).map((raster) => resizeBicubic(raster, 4));
  close(bicubic(x), rasterToTensor(expected), 2e-6);
});

tensorTest("pixelShuffle() has PyTorch's order of channels", () => {
  // torch.nn.PixelShuffle(2) of arange(8).view(1, 8, 1, 1): channel 2 * 2 * colour + 2 * row + column.
  const x = tf.range(0, 8).reshape<tf.Tensor4D>([1, 1, 1, 8]);
  close(pixelShuffle(x, 2), [0, 4, 1, 5, 2, 6, 3, 7], 0);
  assertThrows(() => pixelShuffle(x, 3), RangeError, "multiple of 9");
});

tensorTest("pixelShuffle() is differentiable and keeps every value", () => {
  const x = randomImages(1, [2, 3, 4, 12]);
  const y = pixelShuffle(x, 2);
  assertEquals(y.shape, [2, 6, 8, 3]);
  close(y.flatten().topk(20).values, x.flatten().topk(20).values, 0);
  close(tf.grad((z) => pixelShuffle(z as tf.Tensor4D, 2).square().sum())(x), x.mul(2), 1e-6);
});

tensorTest("gaussianBlur() keeps constants, and is the Gaussian on an impulse", () => {
  close(gaussianBlur(tf.fill([1, 6, 7, 1], 0.4), 1.5), tf.fill([1, 6, 7, 1], 0.4), 1e-6);
  const impulse = tf.oneHot(7 * 15 + 7, 225).reshape<tf.Tensor4D>([1, 15, 15, 1]).toFloat();
  const blurred = gaussianBlur(impulse, 1).dataSync();
  close(blurred[7 * 15 + 8] / blurred[7 * 15 + 7], Math.exp(-0.5), 1e-5);
  close(blurred[5 * 15 + 8] / blurred[7 * 15 + 7], Math.exp(-2.5), 1e-5);
  assertThrows(() => gaussianBlur(impulse, 0), RangeError, "sigma");
});

tensorTest("unsharpMask() steepens edges and stays within [-1, 1]", () => {
  const edge = tf.tensor4d(Float32Array.from({ length: 64 }, (_, at) => at % 8 < 4 ? -0.5 : 0.5), [1, 8, 8, 1]);
  const sharp = unsharpMask(edge, { amount: 3 }).dataSync();
  assert(sharp[3] < -0.55 && sharp[4] > 0.55);
  assert(sharp.every((value) => Math.abs(value) <= 1));
  close(unsharpMask(edge, { amount: 0 }), edge, 1e-6);
});

tensorTest("smallRestorer() starts as the nearest enlargement", () => {
  const lr = randomImages(1, [2, 3, 4, 3]);
  const nearest = tf.image.resizeNearestNeighbor(lr, [12, 16]);
  close(smallRestorer(initSmallRestorer(8, 0))(lr), nearest, 1e-6);
});

const pairs = toyPairs(6, 16);

tensorTest("trainSmallRestorer() lowers the error, and resumes with the same bytes", async () => {
  using scope = tensorScope();
  const start = scope.own(initSmallRestorer(8, 0));
  const train = async (pauses: readonly number[]): Promise<{ hash: string; reports: StepReport[] }> => {
    const state = createTrainState(start), reports: StepReport[] = [];
    for (const pause of [...pauses, 30]) {
      const optimizer = { learningRate: 3e-3, weightDecay: 0 };
      for await (const report of trainSmallRestorer({ state, optimizer, pairs, seed: 0, steps: 30, batchSize: 4 })) {
        reports.push(report);
        if (report.step === pause) break;
      }
    }
    const hash = await hashParams(state.params);
    disposeTrainState(state);
    return { hash, reports };
  };
  const whole = await train([]);
  assert(whole.reports[29].loss < 0.6 * whole.reports[0].loss, `${whole.reports[0].loss} to ${whole.reports[29].loss}`);
  assertEquals(await train([7]), whole);
});

tensorTest("restorePairs() restores in batches, in order, clipped", async () => {
  const all = await restorePairs((lr) => bicubic(lr).mul(10), pairs, { images: [4, 0, 2], batchSize: 2 });
  tf.tidy(() => close(tf.clipByValue(bicubic(lowResolution(pairs, [4, 0, 2])).mul(10), -1, 1), all, 1e-6));
  const stopped = restorePairs(bicubic, pairs, { images: [0, 1], signal: AbortSignal.abort() });
  await assertRejects(() => stopped, StoppedError, "image 0 of 2");
});
