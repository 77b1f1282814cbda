import type { Arm } from "./arms.ts";
import { type CellCurve, CONTROLS } from "./cells/cell.ts";
import type { Curve } from "./results.ts";
import type { SeedOutput } from "./seed.ts";

/** Training curves of every seed: SFT, adversaries, arms with the health of the preference arms. */
export function collectCurves(arms: Readonly<Record<string, Arm>>, seeds: readonly SeedOutput[]): Curve[] {
  return seeds.flatMap(({ seed, cells }) => {
    const tuned = Object.keys(arms).filter((id) => cells.has(id));
    const all = [CONTROLS, ...tuned].flatMap((id) => {
      const { curves, checkpoints } = cells.get(id)!;
      return curves.map((curve) => ({ id, curve, network: checkpoints.adversary }));
    });
    // Arms of one adversary each hold its curve; two adversaries may have one rank.
    const adversaries = new Map(
      all.filter(({ curve }) => curve.role === "adversary").map((item) => [item.network, item]),
    );
    const of = (role: CellCurve["role"]) => all.filter(({ curve }) => curve.role === role);
    return [
      ...of("sft").map(({ curve }) => named("sft", "SFT", seed, curve)),
      ...[...adversaries.values()].map(({ id, curve }) =>
        named("adversary", `Adversary of rank ${curve.rank}${imitated(arms[id])}`, seed, curve)
      ),
      ...of("arm").map(({ id, curve }) => named(id, arms[id].label, seed, curve)),
    ];
  });
}

/** What an adversary imitates, where that is not artifacts. */
function imitated(arm: Arm): string {
  if (arm.method !== "preference" || !arm.imitates) return "";
  return ` on ${arm.imitates}${arm.rolloutSteps === undefined ? "" : ` of ${arm.rolloutSteps} steps`}`;
}

function named(stage: string, label: string, seed: number, { steps, values, health }: CellCurve): Curve {
  return { stage, label, seed, steps, values, ...(health ? { health } : {}) };
}
