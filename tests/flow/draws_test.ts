import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import {
  allImages,
  chooseImages,
  drawFlowBatch,
  drawImages,
  drawNoise,
  drawTimes,
  itemsOf,
  TIME_MARGIN,
} from "../../lib/flow/mod.ts";
import { close, tensorTest } from "../support.ts";
import { toyPairs } from "./toy.ts";

const many = Array.from({ length: 4000 }, (_, item) => item);

Deno.test("drawTimes() is uniform, or the sigmoid of a normal, and stays off the ends", () => {
  const quantile = (times: Float32Array, q: number) => times.toSorted()[Math.round(q * (times.length - 1))];
  const uniform = drawTimes(0, "test", 3, many), normal = drawTimes(0, "test", 3, many, "logit-normal");
  for (const q of [0.1, 0.5, 0.9]) assertAlmostEquals(quantile(uniform, q), q, 0.03);
  // The sigmoid of the normal quantiles -1.28155, 0, 1.28155.
  for (const [q, t] of [[0.1, 0.2173], [0.5, 0.5], [0.9, 0.7827]]) assertAlmostEquals(quantile(normal, q), t, 0.03);
  for (const t of uniform) assert(t >= Math.fround(TIME_MARGIN) && t <= Math.fround(1 - TIME_MARGIN));
});

Deno.test("drawImages() and drawTimes() do not depend on how a step is cut into micro-batches", () => {
  const key = { seed: 1, purpose: "test", step: 2 };
  const whole = { ...key, micro: 0, batchSize: 8 };
  const halves = [0, 1].map((micro) => ({ ...key, micro, batchSize: 4 }));
  assertEquals(drawImages(whole, allImages(100)), halves.flatMap((half) => drawImages(half, allImages(100))));
  assertEquals(itemsOf(whole), halves.flatMap(itemsOf));
  assertThrows(() => drawImages(whole, []), RangeError, "at least one");
});

Deno.test("chooseImages() chooses distinct images in order, others for another seed", () => {
  const chosen = chooseImages(0, "test", 50, 12);
  assertEquals(chosen, [...new Set(chosen)].sort((a, b) => a - b));
  assertEquals(chosen.length, 12);
  assert(chosen.join() !== chooseImages(1, "test", 50, 12).join());
  assertEquals(chooseImages(0, "test", 3, 10), [0, 1, 2]);
  assertThrows(() => chooseImages(0, "test", 3, 0), RangeError);
});

tensorTest("drawNoise() is standard normal and keyed by item", () => {
  const noise = drawNoise(5, "test", 0, [4, 9], [32, 32, 3]);
  close(noise.mean(), 0, 0.03);
  close(noise.square().mean(), 1, 0.03);
  close(drawNoise(5, "test", 0, [9], [32, 32, 3]), noise.slice(1, 1), 0);
});

tensorTest("drawFlowBatch() repeats itself and flips image and condition together", () => {
  const pairs = toyPairs(4);
  const key = { seed: 3, purpose: "test", step: 7, micro: 0, batchSize: 16 };
  const options = { times: "uniform", flips: true, images: allImages(4) } as const;
  const [first, again] = [drawFlowBatch(pairs, key, options), drawFlowBatch(pairs, key, options)];
  for (const name of ["x0", "x1", "t", "c"] as const) close(first[name], again[name], 0);
  // The toy's condition is the block mean of its image: flipping both keeps that.
  const blocks = tf.avgPool(first.x1, 4, 4, "valid");
  close(blocks, tf.avgPool(first.c, 4, 4, "valid"), 1e-5);
  const plain = drawFlowBatch(pairs, key, { ...options, flips: false });
  assert(plain.x1.notEqual(first.x1).any().dataSync()[0] === 1, "no image was flipped");
});
