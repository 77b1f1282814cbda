import { rng } from "asasr/core/mod.ts";
import {
  comparePoints,
  type Curve,
  frontierOffsets,
  judgeClaims,
  type Point,
  type PointKind,
  type Results,
} from "asasr/experiment/mod.ts";
import { describeProtocol, metricsFor, protocols } from "asasr/metrics/mod.ts";

/** Where a point lies: PSNR, SSIM, HF ratio and SWD; the rest follows. */
type Place = readonly [psnr: number, ssim: number, hf: number, swd: number];

const arms: Readonly<Record<string, readonly [label: string, place: Place]>> = {
  sft: ["SFT", [17.58, 0.2705, 1.13, 2.5]],
  "sft-continued": ["SFT continued", [17.55, 0.2684, 1.16, 2.49]],
  "sobolev-sft": ["Sobolev-weighted SFT", [18.68, 0.3191, 0.51, 5.62]],
  "static-euclidean": ["Static DPO, s = 0", [17.38, 0.2601, 1.26, 2.42]],
  "static-sobolev": ["Static DPO, s = 1.5", [17.96, 0.2843, 0.91, 3.32]],
  "self-sobolev": ["Self negatives, s = 1.5", [18.05, 0.2907, 0.88, 3.49]],
  "euclidean-asdpo": ["Euclidean AS-DPO", [17.17, 0.2507, 1.37, 2.67]],
  "sobolev-asdpo": ["Sobolev AS-DPO", [17.87, 0.2815, 0.95, 3.14]],
  "rollout-own-0.5": ["Rollouts, own noise, s = 0.5", [17.74, 0.2829, 1.04, 2.54]],
  "rollout-own-0": ["Rollouts, own noise, s = 0", [17.44, 0.2701, 1.21, 2.19]],
  "rollout-fresh-0.5": ["Rollouts, fresh noise, s = 0.5", [17.73, 0.2763, 1.02, 2.8]],
  "rollout-fresh-0": ["Rollouts, fresh noise, s = 0", [17.5, 0.266, 1.16, 2.6]],
};
const frontier: Readonly<Record<number, Place>> = {
  2: [19.6, 0.38, 0.17, 8],
  4: [18.91, 0.3414, 0.41, 5.83],
  8: [18.24, 0.3034, 0.73, 3.9],
  12: [17.94, 0.2875, 0.9, 3.14],
  16: [17.79, 0.2799, 0.99, 2.83],
  40: [17.47, 0.2644, 1.2, 2.43],
};
const mixes: Readonly<Record<string, Place>> = {
  "0.9": [17.98, 0.289, 0.93, 3.15],
  "0.8": [18.32, 0.3074, 0.75, 3.95],
  "0.7": [18.6, 0.323, 0.62, 4.7],
  "0.6": [18.83, 0.337, 0.5, 5.4],
  "0.5": [19.0, 0.349, 0.42, 6.0],
};
const testIds = Array.from({ length: 24 }, (_, i) => `kodim${String(i + 1).padStart(2, "0")}.png @${16 * i},${8 * i}`);

/** A finished run as the runner would write it, made of plausible numbers: three seeds, every arm and control. */
export function sampleResults(seeds: readonly number[] = [0, 1, 2]): Results {
  const metrics = metricsFor([{ width: 64, height: 64 }])
    .map(({ name, label, unit, better, digits, level }) => ({ name, label, unit, better, digits, level }));
  const points = [
    ...Object.entries(arms).map(([id, [label, place]]) => point(id, label, "arm", 28, place, seeds)),
    ...Object.entries(frontier).map(([steps, place]) =>
      point(`sft@${steps}`, `SFT, ${steps} steps`, "sampler", Number(steps), place, seeds)
    ),
    point("sft-midpoint@4", "SFT, midpoint, 4 steps", "sampler", 8, [17.46, 0.2638, 1.2, 2.4], seeds),
    ...Object.entries(mixes).map(([weight, place]) =>
      point(`sft-mix@${weight}`, `SFT mixed, ${weight}`, "mix", 32, place, seeds)
    ),
    point("bicubic", "Bicubic", "baseline", 0, [19.3, 0.41, 0.03, 9.5], seeds),
  ];
  const tuned = Object.keys(arms).filter((id) => id !== "sft");
  const claim = (metric: string, better: string, worse: string, values: [number, number], note?: string) => ({
    metric,
    better,
    worse,
    paper: { better: values[0], worse: values[1] },
    note,
  });
  return {
    experiment: "table3",
    title: "Table 3: guidance and alignment",
    claim: "Sobolev AS-DPO beats Euclidean AS-DPO, DPO on supervised data and SFT in every metric.",
    command: "npx -y deno@2.9.6 task ablation --preset small --data photographs",
    preset: seeds.length > 1 ? "small" : "smoke",
    environment: {
      engine: "cpu",
      engineVersion: "TensorFlow 2.19.0",
      threads: 2,
      deno: "2.9.6",
      platform: "linux x86_64",
      commit: "0123456789abcdef0123456789abcdef01234567",
    },
    settings: { data: { size: 64, degradation: "mild" }, text: "</script><script>alert(1)</script>\u2028" },
    settingsHash: "5b1e0c4f".repeat(8),
    protocol: describeProtocol(protocols.paper, metricsFor([{ width: 64, height: 64 }])),
    dataDescription: "24 crops of 64 px from 24 photographs, degraded x4 (mild), the same for every arm.",
    seeds,
    testIds,
    metrics,
    points,
    comparisons: comparePoints({
      points,
      metrics,
      arms: tuned,
      controls: ["sft", "sft-continued", "sobolev-sft", "sft@16"],
      resampling: { draws: 500 },
    }),
    directions: judgeClaims(
      [
        claim("psnrDb", "sobolev-asdpo", "euclidean-asdpo", [20.6, 18.34]),
        claim("ssim", "sobolev-asdpo", "euclidean-asdpo", [0.6171, 0.5742]),
        claim(
          "psnrDb",
          "sobolev-asdpo",
          "static-sobolev",
          [20.6, 20.08],
          "primary reading: supervised data at s = 1.5",
        ),
        {
          ...claim(
            "psnrDb",
            "sobolev-asdpo",
            "static-euclidean",
            [20.6, 20.08],
            "second reading: supervised data at s = 0",
          ),
          alternative: true,
        },
        claim("psnrDb", "sobolev-asdpo", "sft", [20.6, 19.96]),
        claim("psnrDb", "static-euclidean", "sft", [20.08, 19.96]),
        claim("ssim", "euclidean-asdpo", "sft", [0.5742, 0.5642]),
      ],
      points,
      metrics,
      { resampling: { draws: 500 } },
    ),
    offsets: frontierOffsets({
      points,
      metrics,
      euler: ["sft", ...Object.keys(frontier).map((steps) => `sft@${steps}`)],
      mix: ["sft", ...Object.keys(mixes).map((weight) => `sft-mix@${weight}`)],
      arms: tuned,
      at: ["swd", "hfRatio"],
      of: ["psnrDb", "ssim", "gmsd"],
    }),
    curves: curves(seeds),
    spectra: spectra(),
    strips: [{ title: "kodim01.png", file: "strips/crop-00.png" }],
    paperTables: [{
      name: "Table 3, guidance",
      caption: "Sobolev against Euclidean guidance, both with the adversary.",
      columns: [
        { label: "PSNR", metric: "psnrDb", better: "higher" },
        { label: "SSIM", metric: "ssim", better: "higher" },
        { label: "LPIPS", metric: null, better: "lower" },
        { label: "MUSIQ", metric: null, better: "higher" },
      ],
      rows: [
        { label: "Sobolev Guidance", arm: "sobolev-asdpo", values: [20.6, 0.6171, 0.2784, 71.4] },
        { label: "Euclidean Guidance", arm: "euclidean-asdpo", values: [18.34, 0.5742, 0.3115, 67.25] },
      ],
    }],
    departures: [
      "The generator is small and trained from scratch on pixels, instead of FLUX.1-dev on latents.",
      "The loser's energy gap counts by rho = 0.5 inside the sigmoid (Eq. 18 has 1).",
    ],
    notes: ["kodim03.png: alpha dropped"],
    checkpoints: { "sft, seed 0": "9f86d081".repeat(8), "sobolev-asdpo, seed 0": "60303ae2".repeat(8) },
  };
}

function point(
  id: string,
  label: string,
  kind: PointKind,
  evaluations: number,
  [psnr, ssim, hf, swd]: Place,
  seeds: readonly number[],
): Point {
  const perSeed = seeds.map((seed) => {
    const own = rng(seed, `sample ${id}`), shared = rng(seed, "sample shared").normal();
    const noisy = (value: number, scale: number) => value + scale * (0.6 * shared + 0.4 * own.normal());
    const level = { psnrDb: noisy(psnr, 0.08), ssim: noisy(ssim, 0.004), gmsd: noisy(0.35 - psnr / 220, 0.001) };
    const lsdDb = noisy(7 + Math.abs(hf - 0.8), 0.05), sd = { psnrDb: 2.5, ssim: 0.08, gmsd: 0.02 };
    const perImage: Record<string, number[]> = Object.fromEntries(
      Object.entries(level).map(([name, mean]) => {
        const images = rng(0, `sample images ${name}`).normals(testIds.length);
        const key = name as keyof typeof sd;
        return [name, Array.from(images, (z) => mean + sd[key] * z + 0.05 * sd[key] * own.normal())];
      }),
    );
    perImage.lsdDb = testIds.map(() => lsdDb + 0.3 * own.normal());
    perImage.lsdE = perImage.lsdDb.map((value) => value * Math.LN10);
    const means = Object.entries(perImage).map(([name, row]) => [name, row.reduce((a, b) => a + b) / row.length]);
    const sets = {
      hfRatio: noisy(hf, 0.03),
      psdDistanceDb: noisy(1 + 3 * Math.abs(1 - hf), 0.1),
      swd: noisy(swd, 0.15),
    };
    return { seed, perImage, values: { ...Object.fromEntries(means), ...sets } };
  });
  return { id, label, kind, description: `${label}: how it came about, in a sentence.`, evaluations, perSeed };
}

function curves(seeds: readonly number[]): Curve[] {
  const steps = Array.from({ length: 50 }, (_, i) => 2 * (i + 1));
  const noisy = (seed: number, name: string, scale: number, at: (step: number) => number) => {
    const random = rng(seed, name);
    return steps.map((step) => at(step) * (1 + scale * random.normal()));
  };
  const preferenceArms = Object.entries(arms).filter(([id]) => !id.includes("sft"));
  return seeds.flatMap((seed) => [
    { stage: "sft", label: "SFT", seed, steps, values: { loss: noisy(seed, "sft", 0.05, (k) => 0.1 + 1 / k) } },
    {
      stage: "adversary",
      label: "Adversary of rank 16",
      seed,
      steps,
      values: { loss: noisy(seed, "a", 0.08, (k) => 0.04 + 0.2 / k) },
    },
    ...preferenceArms.map(([id, [label]], i): Curve => ({
      stage: id,
      label,
      seed,
      steps,
      values: {
        loss: noisy(seed, `l${id}`, 0.03, (k) => 0.69 * Math.exp(-k / (40 + 5 * i))),
        winnerGap: noisy(seed, `w${id}`, 0.3, (k) => 4e-5 * k * (i + 1) / 8),
        loserGap: noisy(seed, `n${id}`, 0.1, (k) => 3e-4 * k * (i + 2) / 8),
        accuracy: noisy(seed, `c${id}`, 0.02, (k) => Math.min(1, 0.5 + k / 60)),
        gradientNorm: noisy(seed, `g${id}`, 0.2, (k) => 20 * Math.exp(-k / 50)),
      },
      health: { healthy: !(id === "euclidean-asdpo" && seed === 1), winnerGap: 4e-3, limit: 1e-2 },
    })),
  ]);
}

function spectra(): Results["spectra"] {
  const frequency = Array.from({ length: 31 }, (_, i) => (i + 1.5) / 64);
  const own = (id: string, label: string, gain: number) => ({
    id,
    label,
    frequency,
    power: frequency.map((f) => 2e-6 * f ** -2.4 * 10 ** (gain * f / 5)),
  });
  return [
    own("truth", "Truth", 0),
    own("bicubic", "Bicubic", -50),
    ...Object.entries(arms).map(([id, [label, [, , hf]]]) => own(id, label, 30 * Math.log10(hf))),
  ];
}
