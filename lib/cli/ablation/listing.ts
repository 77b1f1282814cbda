import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { everyExperiment, experiments, given } from "../../../experiments/mod.ts";
import { readJson } from "../../core/mod.ts";
import type { ExperimentText } from "../../experiment/mod.ts";

/** Folder of the experiments: configs, committed results and cells. */
export const EXPERIMENTS = fileURLToPath(new URL("../../../experiments", import.meta.url));

/** Folders in which finished cells are looked for. */
export function cellFolders(): string[] {
  return Object.keys(everyExperiment).map(cellFolder);
}

/** Folder of the finished cells of an experiment. */
export function cellFolder(name: string): string {
  return join(EXPERIMENTS, name, "cells");
}

/** Lists every experiment: claim, arms, what it takes, and whether results are committed. */
export async function listing(): Promise<string> {
  return (await Promise.all(Object.values(everyExperiment).map(describe))).join("\n\n");
}

async function describe({ name, title, claim, command, cost }: ExperimentText): Promise<string> {
  const arms = name in experiments ? Object.entries(experiments[name].arms) : [];
  return [
    `${name}  ${title}`,
    `  ${claim}`,
    ...arms.map(([id, { label }]) => `  ${id.padEnd(18)} ${label}`),
    `  takes    ${cost}`,
    name in given ? `  not run  needs ${given[name].needs}` : `  results  ${await committed(name)}`,
    `  command  ${command}`,
  ].join("\n");
}

/** Says which results and cells of an experiment the project holds. */
async function committed(name: string): Promise<string> {
  const cells = await countCells(cellFolder(name));
  const also = cells === 0 ? "" : `; ${cells} cells in experiments/${name}/cells`;
  const path = join(EXPERIMENTS, name, "results.json");
  if (!await Deno.stat(path).then(() => true, () => false)) return `none committed${also}`;
  const { preset, seeds, environment } = await readJson(path) as {
    preset: string;
    seeds?: readonly number[];
    environment: { commit: string };
  };
  const run = seeds ? `preset ${preset}, ${seeds.length} seeds` : `preset ${preset}`;
  return `experiments/${name}/results.json: ${run}, commit ${environment.commit}${also}`;
}

async function countCells(folder: string): Promise<number> {
  try {
    let count = 0;
    for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".json")) count++;
    return count;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
