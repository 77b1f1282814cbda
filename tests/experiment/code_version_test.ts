import { assert, assertEquals } from "@std/assert";
import type { Results } from "../../lib/experiment/mod.ts";
import { metricColumns } from "../../lib/experiment/measure.ts";
import { CODE_VERSION } from "../../lib/experiment/stage.ts";
import { createRaster, type Raster } from "../../lib/image/mod.ts";
import { evaluate } from "../../lib/metrics/mod.ts";
import { inFolder } from "../core/folder.ts";
import { runTiny } from "./tiny.ts";

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
  "loss of sft": 1.21525,
  "loss of adversary": 0.505395,
  "loss of sft-continued": 1.12819,
  "loss of sobolev-asdpo": 0.625227,
  "loss of rollout-own-0.5": 0.615753,
  "PSNR of sft": 10.5844,
  "PSNR of sft-continued": 10.5851,
  "PSNR of sobolev-asdpo": 10.5844,
  "PSNR of rollout-own-0.5": 10.5847,
  "PSNR of sft@2": 10.5833,
  "PSNR of sft@8": 10.5852,
  "PSNR of sft-midpoint@2": 10.5857,
  "PSNR of sft-mix@0.5": 11.6723,
  "PSNR of bicubic": 19.4358,
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
    const { results } = await runTiny(root, ["sobolev-asdpo", "rollout-own-0.5", "sft-continued"], 15, { seeds: [0] });
    const measured = Object.fromEntries([...lastLosses(results), ...psnrs(results)]);
    assertEquals([CODE_VERSION, Object.keys(measured)], [2, Object.keys(TINY_RUN)], RAISE);
    for (const [name, value] of Object.entries(TINY_RUN)) {
      // Losses follow the last bits of every step; PSNR hardly does, and one solver's is close to another's.
      const tolerance = name.startsWith("PSNR") ? 3e-5 : 2e-3;
      assert(Math.abs(measured[name] / value - 1) < tolerance, `${name} ${measured[name]} was ${value}. ${RAISE}`);
    }
  }));

function lastLosses({ curves }: Results): [string, number][] {
  return curves.map(({ stage, values }) => [`loss of ${stage}`, values.loss.at(-1)!]);
}

function psnrs({ points }: Results): [string, number][] {
  return points.map(({ id, perSeed: [{ values }] }) => [`PSNR of ${id}`, values.psnrDb]);
}
