import type { Settings } from "./schema/mod.ts";
import { ARM_POINT, type EvaluationPlan } from "./stages/evaluation.ts";

/** The reference at its own step count, and every training-free control made of it. */
export type ControlPlan = Pick<EvaluationPlan, "label" | "shots" | "mixes" | "posteriorDraws">;

/** Id of the reference under Euler's method with this many steps; the paper's count is plain `sft`. */
export function eulerId(steps: number, { evaluation }: Pick<Settings, "evaluation">): string {
  return steps === evaluation.steps ? "sft" : `sft@${steps}`;
}

/** Plans the training-free controls: SFT at several step counts, the midpoint method, mixes with the posterior mean. */
export function controlShots(settings: Settings): ControlPlan {
  const { steps, frontierSteps, midpointSteps, mixes, posteriorDraws } = settings.evaluation;
  return {
    label: "SFT and its training-free controls",
    shots: [
      { id: "sft", solver: "euler", steps },
      ...frontierSteps.filter((count) => count !== steps).map((count) => ({
        id: eulerId(count, settings),
        solver: "euler" as const,
        steps: count,
      })),
      ...midpointSteps.map((count) => ({ id: `sft-midpoint@${count}`, solver: "midpoint" as const, steps: count })),
    ],
    mixes: mixes.map((weight) => ({ id: mixId(weight), weight })),
    posteriorDraws,
  };
}

/** Plans the points of a tuned arm: the reference's step count, and mixes with its own posterior mean. */
export function armShots({ evaluation }: Pick<Settings, "evaluation">): Omit<ControlPlan, "label"> {
  const { steps, armMixes, posteriorDraws } = evaluation;
  return {
    shots: [{ id: ARM_POINT, solver: "euler", steps }],
    mixes: armMixes.map((weight) => ({ id: armMixId(ARM_POINT, weight), weight })),
    posteriorDraws: armMixes.length > 0 ? posteriorDraws : 0,
  };
}

/** Id of the mix of an arm's sample, at this weight, with the arm's posterior mean. */
export function armMixId(arm: string, weight: number): string {
  return `${arm}-mix@${weight}`;
}

/** Id of the mix of the reference's sample, at this weight, with the posterior mean. */
export function mixId(weight: number): string {
  return `sft-mix@${weight}`;
}
