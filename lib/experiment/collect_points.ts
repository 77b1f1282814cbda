import type { Arm } from "./arms.ts";
import { type CellPoint, CONTROLS, roundFractions } from "./cells/cell.ts";
import { armMixId } from "./controls.ts";
import { setToRasters } from "./rasters.ts";
import { measure, type Measured, type Truth } from "./measure.ts";
import type { Point, PointKind, PointSeed, Spectrum } from "./results.ts";
import type { SeedOutput } from "./seed.ts";
import type { RunContext } from "./stages/context.ts";
import { ARM_POINT } from "./stages/evaluation.ts";

/** Bicubic enlargement, measured as the cells are. */
export async function measureBicubic(
  { test, ...context }: Pick<RunContext, "test" | "perceptual" | "signal">,
  truth: Truth,
): Promise<Measured> {
  return roundFractions(await measure(setToRasters(test, "condition"), truth, context));
}

/** One point per arm, mix of an arm and control, with its values at every seed, in the order arms, their mixes, controls, baseline. */
export function collectPoints(
  arms: Readonly<Record<string, Arm>>,
  seeds: readonly SeedOutput[],
  bicubic: Measured,
  armMixes: readonly number[],
): Point[] {
  const controls = seeds[0].cells.get(CONTROLS)!.points.map(({ id }) => id);
  const tuned = Object.keys(arms).filter((id) => seeds[0].cells.has(id));
  const ordered = [
    ...Object.keys(arms),
    ...tuned.flatMap((arm) => armMixes.map((weight) => armMixId(arm, weight))),
    ...controls.filter((id) => !(id in arms)),
  ];
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
  seeds: readonly SeedOutput[],
  truth: Truth,
  bicubic: Measured,
): Spectrum[] {
  const own = (id: string, label: string, runs: readonly (readonly number[])[]): Spectrum => ({
    id,
    label,
    frequency: truth.frequency,
    power: truth.frequency.map((_, bin) => runs.reduce((sum, run) => sum + run[bin], 0) / runs.length),
  });
  return [
    own("truth", "Truth", [truth.spectrum]),
    own("bicubic", "Bicubic", [bicubic.spectrum]),
    ...Object.entries(arms).map(([id, { label }]) => own(id, label, seeds.map((output) => find(output, id).spectrum))),
  ];
}

/** The point of an arm or of its mix from its own cell, any other from the controls'. */
function find({ cells }: SeedOutput, id: string): CellPoint {
  const [arm, weight] = id.split("-mix@");
  const own = cells.get(arm)?.points.find((point) => point.id === armPoint(weight));
  return own ?? cells.get(CONTROLS)!.points.find((point) => point.id === id)!;
}

function armPoint(weight: string | undefined): string {
  return weight === undefined ? ARM_POINT : armMixId(ARM_POINT, Number(weight));
}

function seedValues(seed: number, { perImage, values }: Measured): PointSeed {
  return { seed, perImage, values };
}

function describe(
  id: string,
  arms: Readonly<Record<string, Arm>>,
): { label: string; kind: PointKind; description: string } {
  if (id in arms) return { label: arms[id].label, kind: "arm", description: arms[id].description };
  const [name, value] = id.split("@"), arm = arms[name.replace(/-mix$/, "")];
  if (arm && arm.method !== "sft") {
    const description = `${value} of a sample of the arm and the rest of its posterior mean.`;
    return { label: `${arm.label}, mixed, ${value}`, kind: "armMix", description };
  }
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
