import { batchOf, type TrainingPairs } from "../../lib/dataset/mod.ts";
import { close, tensorTest } from "../support.ts";

/** One pair of latents of five channels, whose condition has half the side. */
const latents: TrainingPairs = {
  size: 4,
  channels: 5,
  conditionSize: 2,
  count: 2,
  ids: ["a", "b"],
  hr: Float32Array.from({ length: 2 * 4 * 4 * 5 }, (_, i) => i),
  condition: Float32Array.from({ length: 2 * 2 * 2 * 5 }, (_, i) => -i),
};

tensorTest("batchOf() gathers latents of any channels, the condition at its own size", () => {
  const { x1, c } = batchOf(latents, [1]);
  close(x1.reshape([-1]), latents.hr.subarray(80), 0);
  close(c.reshape([-1]), latents.condition.subarray(20), 0);
  close([...x1.shape, ...c.shape], [1, 4, 4, 5, 1, 2, 2, 5], 0);
});

tensorTest("batchOf() mirrors whole cells of latents", () => {
  const plain = batchOf(latents, [0]);
  const { x1, c } = batchOf(latents, [0], { flips: [{ horizontal: true, vertical: true }] });
  close(x1, plain.x1.reverse([1, 2]), 0);
  close(c, plain.c.reverse([1, 2]), 0);
});
