import { encodeTensors, type HostTensor, sha256Hex } from "../../core/mod.ts";
import type { Arm } from "../arms.ts";
import { type CurveData, tailMean, thinCurve } from "../curves.ts";
import { environment } from "../environment.ts";
import type { Curve } from "../results.ts";
import type { Settings } from "../schema/mod.ts";
import type { StageResult } from "../stage.ts";
import type { AdapterOutput } from "../stages/adversary.ts";
import type { EvaluationOutput } from "../stages/evaluation.ts";
import type { SftOutput } from "../stages/sft.ts";
import { CELL_FORMAT, type CellCurve, CONTROLS, type ResultCell, roundFractions } from "./cell.ts";
import type { CellInputs } from "./inputs.ts";

/** Values of a curve that a cell keeps. */
const CURVE_POINTS = 60;

/** The stages of a cell. */
export interface CellStages {
  readonly reference: StageResult<SftOutput>;
  /** The adversary of the arm. */
  readonly adversary?: StageResult<AdapterOutput>;
  /** The tuned part of the arm; none for the reference and its controls. */
  readonly adapter?: StageResult<AdapterOutput>;
  readonly evaluation: StageResult<EvaluationOutput>;
}

/** Puts what the stages of a cell gave into its record. */
export async function makeCell(
  { key, inputs }: CellInputs,
  seed: number,
  named: { readonly id: string; readonly arm: Arm } | undefined,
  stages: CellStages,
  { alignment }: Pick<Settings, "alignment">,
): Promise<ResultCell> {
  const { reference, adversary, adapter, evaluation } = stages;
  const curves: CellCurve[] = [];
  if (adapter) {
    const { curve } = adapter.value;
    const health = named?.arm.method === "preference" ? healthOf(curve, alignment) : undefined;
    curves.push({ role: "arm", ...thinCurve(curve, CURVE_POINTS), ...(health ? { health } : {}) });
  } else curves.push({ role: "sft", ...thinCurve(reference.value.curve, CURVE_POINTS) });
  if (adversary) {
    const { rank, curve } = adversary.value;
    curves.push({ role: "adversary", rank, ...thinCurve(curve, CURVE_POINTS) });
  }
  const used = Object.entries(stages).filter(([, stage]) => stage !== undefined);
  return {
    format: CELL_FORMAT,
    key,
    inputs,
    arm: named?.id ?? CONTROLS,
    seed,
    reference: checkpointHash(reference.value),
    checkpoints: {
      ...(adversary ? { adversary: checkpointHash(adversary.value) } : {}),
      ...(adapter ? { arm: checkpointHash(adapter.value) } : {}),
    },
    stages: Object.fromEntries(used.map(([name, { hash }]) => [name, hash])),
    environment: { ...await environment(), stageCommits: [...new Set(used.map(([, { commit }]) => commit))].sort() },
    points: roundFractions(evaluation.value.points),
    curves: roundFractions(curves),
  };
}

/** sha256 of what a stage wrote as `params.safetensors`. */
export function checkpointHash({ params }: { readonly params: Readonly<Record<string, HostTensor>> }): string {
  return sha256Hex(encodeTensors(params));
}

function healthOf(curve: CurveData, { healthLimit, healthWindow }: Settings["alignment"]): Curve["health"] {
  return {
    healthy: curve.values.healthy.at(-1) === 1,
    winnerGap: tailMean(curve, "winnerGap", healthWindow),
    limit: healthLimit,
  };
}
