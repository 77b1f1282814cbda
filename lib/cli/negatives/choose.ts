import { existsSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { DataError, sha256Hex } from "../../core/mod.ts";
import { openSet } from "../../dataset/mod.ts";

/** A pair that the adversary is trained on. */
export interface ChosenPair {
  /** Stable name: set and id. */
  readonly id: string;
  /** Name of its results. */
  readonly name: string;
  /** File of the truth. */
  readonly hr: string;
  /** File of the low-resolution image. */
  readonly lr: string;
  /** Where `deno task degrade` says what photograph the truth was cut from; null where the set is not from there. */
  readonly recipe: string | null;
}

/**
 * Chooses a random share of the pairs of every set, as the paper does with a quarter. Which ones depends on seed and
 * name alone, so a set that grows keeps most of its choice.
 *
 * @throws {DataError} If a set has no pairs, or two results would have one name.
 */
export async function choosePairs(folders: readonly string[], share: number, seed: number): Promise<ChosenPair[]> {
  const chosen: ChosenPair[] = [];
  for (const folder of folders) {
    const set = await openSet(folder);
    const pairs = set.entries.flatMap(({ id, hr, lr }): ChosenPair[] => {
      if (hr === null || lr === null) return [];
      const full = `${basename(resolve(folder))}/${id}`;
      return [{ id: full, name: full.replaceAll(/[^\w.-]/g, "_"), hr, lr, recipe: recipeOf(folder, hr) }];
    });
    if (pairs.length === 0) {
      throw new DataError(
        `Cannot use ${folder} as it must hold pairs, such as of \`deno task degrade\`: current value is none`,
      );
    }
    const keyed = pairs.map((pair) => ({ pair, key: sha256Hex(`${seed} ${pair.id}`) }));
    keyed.sort((a, b) => a.key < b.key ? -1 : 1);
    const count = Math.max(1, Math.round(share * pairs.length));
    chosen.push(...keyed.slice(0, count).map(({ pair }) => pair).sort((a, b) => a.id < b.id ? -1 : 1));
  }
  const names = new Set(chosen.map(({ name }) => name));
  if (names.size < chosen.length) {
    throw new DataError(
      `Cannot name negatives as the names of sets must differ: current value is ${folders.join(", ")}`,
    );
  }
  return chosen;
}

function recipeOf(folder: string, hr: string): string | null {
  const match = /^hr\/(.+)\.png$/.exec(relative(folder, hr).replaceAll("\\", "/"));
  return match && existsSync(join(folder, "settings.json")) ? join(folder, "recipes", `${match[1]}.json`) : null;
}
