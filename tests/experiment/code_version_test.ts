import { assert, assertEquals } from "@std/assert";
import { experiments } from "../../experiments/mod.ts";
import type { ExperimentConfig, Results } from "../../lib/experiment/mod.ts";
import { metricColumns } from "../../lib/experiment/measure.ts";
import { CODE_VERSION } from "../../lib/experiment/stage.ts";
import { createRaster, type Raster } from "../../lib/image/mod.ts";
import { evaluate } from "../../lib/metrics/mod.ts";
import { inFolder } from "../core/folder.ts";
import { runToEnd, tinyExperiment } from "./tiny.ts";

/** What a failure of this file means: a cell or stage of before would be taken up with numbers that are no longer made. */
const RAISE = "Numbers have changed: raise CODE_VERSION in lib/experiment/stage.ts, then write the new ones here";

/** Every metric of two fixed images, 6 digits as in a cell; CODE_VERSION 2, Deno 2.9.6. */
const METRICS = {
  gmsd: 0.00052679,
  hfRatio: 4.27087,
  lsdDb: 9.35299,
  lsdE: 21.5361,
  psdDistanceDb: 5.34851,
  psnrDb: 41.3336,
  ssim: 0.988417,
  swd: 0.528057,
};

/** Last losses and PSNR of a tiny run, by name; CODE_VERSION 2, TensorFlow 2 threads. */
const TINY_RUN: Readonly<Record<string, number>> = {
  "loss of SFT": 1.21525,
  "loss of Adversary of rank 2": 0.505395,
  "loss of Adversary of rank 2 on rollouts": 0.443456,
  "loss of SFT continued": 1.12819,
  "loss of SFT continued, equal compute": 1.21637,
  "loss of Sobolev-weighted SFT": 1.01243,
  "loss of Static DPO, s = 1.5": 0.642179,
  "loss of Self negatives, s = 1.5": 0.625181,
  "loss of Sobolev AS-DPO": 0.625227,
  "loss of Rollouts, own noise, s = 0.5": 0.615753,
  "loss of Rollouts, fresh noise, s = 0.5": 0.619027,
  "loss of Rollouts, own noise, 3 x steps, 4 banks of the policy": 0.531786,
  "loss of AS-DPO, adversary on rollouts, s = 0.5": 0.636534,
  "loss of Mix 0.8 distilled": 0.0600213,
  "PSNR of sft": 10.5844,
  "PSNR of sft-continued": 10.5851,
  "PSNR of sft-matched": 10.5868,
  "PSNR of sobolev-sft": 10.5845,
  "PSNR of static-sobolev": 10.5843,
  "PSNR of self-sobolev": 10.5844,
  "PSNR of sobolev-asdpo": 10.5844,
  "PSNR of rollout-own-0.5": 10.5847,
  "PSNR of rollout-fresh-0.5": 10.5847,
  "PSNR of rollout-refreshed": 10.5851,
  "PSNR of adversary-rollouts-0.5": 10.5845,
  "PSNR of distilled-mix": 10.5843,
  "PSNR of sft@2": 10.5833,
  "PSNR of sft@8": 10.5852,
  "PSNR of sft-midpoint@2": 10.5857,
  "PSNR of sft-mix@0.5": 11.6723,
  "PSNR of bicubic": 19.4358,
};

/** An arm of every kind: controls, sources of negatives, noises, and what adversaries imitate. */
const everyKind: ExperimentConfig = {
  ...experiments.table3,
  arms: Object.fromEntries(
    [
      ...["sft", "sft-continued", "sft-matched", "sobolev-sft", "static-sobolev", "self-sobolev", "sobolev-asdpo"],
      ...["rollout-own-0.5", "rollout-fresh-0.5", "rollout-refreshed", "adversary-rollouts-0.5", "distilled-mix"],
    ].map((id) => [id, experiments.table3.arms[id] ?? experiments["frontier-search"].arms[id]]),
  ),
  claims: [],
};

/** Waves with a little noise, the same everywhere; `spoil` moves the pixels. */
function waves(spoil: number): Raster {
  const size = 64, data = new Float32Array(size * size * 3);
  for (let i = 0; i < data.length; i++) {
    const channel = i % 3, x = Math.floor(i / 3) % size, y = Math.floor(i / 3 / size);
    const noise = (i * 7919 % 101) / 101 - 0.5;
    data[i] = 0.5 + 0.3 * Math.sin(0.3 * x + 0.1 * channel) * Math.cos(0.2 * y) + spoil * noise;
  }
  return createRaster({ width: size, height: size }, 3, data);
}

Deno.test("what cells hold of fixed images is that of this CODE_VERSION", () => {
  const { values } = evaluate([waves(0.2), waves(0.05)], [waves(0.1), waves(0)]);
  const measured = metricColumns(64, []).map(({ name }) => [name, Number(values[name].toPrecision(6))]);
  assertEquals([CODE_VERSION, Object.fromEntries(measured)], [2, METRICS], RAISE);
});

Deno.test("what a tiny run trains and samples is that of this CODE_VERSION, but for last bits", () =>
  inFolder(async (root) => {
    const { results } = await runToEnd(root, tinyExperiment([], { seeds: [0] }, everyKind));
    const measured = Object.fromEntries([...lastLosses(results), ...psnrs(results)]);
    assertEquals([CODE_VERSION, Object.keys(measured)], [2, Object.keys(TINY_RUN)], RAISE);
    for (const [name, value] of Object.entries(TINY_RUN)) {
      // Losses follow the last bits of every step and tell the kinds of arms apart; PSNR is that of samplers and metrics.
      const tolerance = name.startsWith("PSNR") ? 3e-5 : 2e-3;
      assert(Math.abs(measured[name] / value - 1) < tolerance, `${name} ${measured[name]} was ${value}. ${RAISE}`);
    }
  }));

function lastLosses({ curves }: Results): [string, number][] {
  return curves.map(({ label, values }) => [`loss of ${label}`, values.loss.at(-1)!]);
}

function psnrs({ points }: Results): [string, number][] {
  return points.map(({ id, perSeed: [{ values }] }) => [`PSNR of ${id}`, values.psnrDb]);
}
