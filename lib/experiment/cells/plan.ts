import type { Arm } from "../arms.ts";
import type { RunContext } from "../stages/context.ts";
import { CONTROLS, type ResultCell } from "./cell.ts";
import { type CellInputs, cellInputs, type ForeignArtifacts } from "./inputs.ts";
import { findCells } from "./store.ts";

/** The cells of one seed: what each depends on, and those that were found. */
export interface SeedPlan {
  readonly seed: number;
  /** By arm, and `controls`. */
  readonly inputs: ReadonlyMap<string, CellInputs>;
  /** Found cells by arm, and `controls`; more than one where machines gave different last bits. */
  readonly found: ReadonlyMap<string, readonly ResultCell[]>;
}

/** Looks for the cells of one seed. */
export async function planSeed(
  context: RunContext,
  arms: Readonly<Record<string, Arm>>,
  seed: number,
  foreign: ForeignArtifacts,
  folders: readonly string[],
): Promise<SeedPlan> {
  const tuned = Object.entries(arms).filter(([, { method }]) => method !== "sft");
  const wanted: [string, Arm | undefined][] = [[CONTROLS, undefined], ...tuned];
  const inputs = new Map(wanted.map(([id, arm]) => [id, cellInputs(context, seed, arm, foreign)]));
  const found = new Map<string, ResultCell[]>();
  for (const [id, { key }] of inputs) found.set(id, await findCells(folders, key));
  return { seed, inputs, found };
}

/** Ids of the cells for which none was found that belongs to a reference; with no reference, to any. */
export function missingCells({ inputs, found }: SeedPlan, reference?: string): string[] {
  return [...inputs.keys()].filter((id) => cellOf(found.get(id)!, reference) === undefined);
}

/**
 * Takes up the cells of a seed whose reference is the same network; arms are never compared across references.
 *
 * @returns Every cell of the seed from one reference, or null where something is to be computed.
 */
export function completeSeed(plan: SeedPlan): ReadonlyMap<string, ResultCell> | null {
  const references = new Set(plan.found.get(CONTROLS)!.map(({ reference }) => reference));
  const whole = [...references].find((reference) => missingCells(plan, reference).length === 0);
  return whole === undefined ? null : cellsOf(plan, whole);
}

/** The found cells that belong to a reference. */
export function cellsOf({ found }: SeedPlan, reference: string): Map<string, ResultCell> {
  return new Map(
    [...found].flatMap(([id, cells]) => {
      const cell = cellOf(cells, reference);
      return cell ? [[id, cell] as const] : [];
    }),
  );
}

function cellOf(cells: readonly ResultCell[], reference: string | undefined): ResultCell | undefined {
  return reference === undefined ? cells[0] : cells.find((cell) => cell.reference === reference);
}
