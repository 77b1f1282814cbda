import type { Arm } from "./arms.ts";
import { type CurveData, tailMean, thinCurve } from "./curves.ts";
import type { Curve } from "./results.ts";
import type { Settings } from "./schema/mod.ts";
import type { SeedOutput } from "./seed.ts";

/** Training curves of every seed: SFT, adversaries, arms with the health of the preference arms. */
export function collectCurves(
  arms: Readonly<Record<string, Arm>>,
  { alignment }: Settings,
  seeds: readonly SeedOutput[],
): Curve[] {
  const curve = (stage: string, label: string, seed: number, data: CurveData): Curve => {
    const { steps, values } = thinCurve(data);
    return { stage, label, seed, steps, values };
  };
  return seeds.flatMap(({ seed, reference, adversaries, adapters }) => [
    curve("sft", "SFT", seed, reference.value.curve),
    ...[...adversaries].map(([rank, { value }]) => curve("adversary", `Adversary of rank ${rank}`, seed, value.curve)),
    ...[...adapters].map(([id, { value }]) => ({
      ...curve(id, arms[id].label, seed, value.curve),
      health: arms[id].method === "preference" ? healthOf(value.curve, alignment) : undefined,
    })),
  ]);
}

function healthOf(curve: CurveData, { healthLimit, healthWindow }: Settings["alignment"]): Curve["health"] {
  return {
    healthy: curve.values.healthy.at(-1) === 1,
    winnerGap: tailMean(curve, "winnerGap", healthWindow),
    limit: healthLimit,
  };
}
