import type { Arm } from "./arms.ts";
import { setToRasters } from "./rasters.ts";
import { measure, type Measured, truthOf } from "./measure.ts";
import type { Point, PointKind, PointSeed, Spectrum } from "./results.ts";
import type { SeedOutput } from "./seed.ts";
import type { RunContext } from "./stages/context.ts";

/** One point per arm and control, with its values at every seed, in the order arms, controls, baseline. */
export function collectPoints(
  arms: Readonly<Record<string, Arm>>,
  context: RunContext,
  seeds: readonly SeedOutput[],
): Point[] {
  const ids = evaluatedIds(seeds);
  const ordered = [...Object.keys(arms), ...ids.filter((id) => !(id in arms))];
  const bicubic = measure(setToRasters(context.test, "condition"), truthOf(context.test));
  return [
    ...ordered.map((id): Point => {
      const evaluated = seeds.map((output) => ({ seed: output.seed, point: find(output, id) }));
      return {
        id,
        ...describe(id, arms),
        evaluations: evaluated[0].point.evaluations,
        perSeed: evaluated.map(({ seed, point }) => seedValues(seed, point)),
      };
    }),
    {
      id: "bicubic",
      label: "Bicubic",
      kind: "baseline",
      description: "MATLAB's bicubic enlargement: the condition itself.",
      evaluations: 0,
      perSeed: seeds.map(({ seed }) => seedValues(seed, bicubic)),
    },
  ];
}

/** Radial spectra of the truth, bicubic, SFT and every arm, averaged over the seeds. */
export function collectSpectra(
  arms: Readonly<Record<string, Arm>>,
  context: RunContext,
  seeds: readonly SeedOutput[],
): Spectrum[] {
  const truth = truthOf(context.test);
  const own = (id: string, label: string, runs: readonly (readonly number[])[]): Spectrum => ({
    id,
    label,
    frequency: truth.frequency,
    power: truth.frequency.map((_, bin) => runs.reduce((sum, run) => sum + run[bin], 0) / runs.length),
  });
  return [
    own("truth", "Truth", [truth.spectrum]),
    own("bicubic", "Bicubic", [measure(setToRasters(context.test, "condition"), truth).spectrum]),
    ...Object.entries(arms).map(([id, { label }]) => own(id, label, seeds.map((output) => find(output, id).spectrum))),
  ];
}

function evaluatedIds(seeds: readonly SeedOutput[]): string[] {
  return seeds[0].evaluations.flatMap(({ value }) => value.points.map(({ id }) => id));
}

function find({ evaluations }: SeedOutput, id: string) {
  return evaluations.flatMap(({ value }) => value.points).find((point) => point.id === id)!;
}

function seedValues(seed: number, { perImage, values }: Measured): PointSeed {
  return { seed, perImage, values };
}

function describe(
  id: string,
  arms: Readonly<Record<string, Arm>>,
): { label: string; kind: PointKind; description: string } {
  if (id in arms) return { label: arms[id].label, kind: "arm", description: arms[id].description };
  const [name, value] = id.split("@");
  switch (name) {
    case "sft-midpoint":
      return {
        label: `SFT, midpoint, ${value} steps`,
        kind: "sampler",
        description: "The reference under the midpoint method.",
      };
    case "sft-mix":
      return {
        label: `SFT mixed, ${value}`,
        kind: "mix",
        description: `${value} of a sample and the rest of the posterior mean.`,
      };
    default:
      return { label: `SFT, ${value} steps`, kind: "sampler", description: "The reference with other Euler steps." };
  }
}
