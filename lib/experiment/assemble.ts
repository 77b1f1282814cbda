import { describeProtocol, protocols } from "../metrics/mod.ts";
import type { ResolvedExperiment } from "./config.ts";
import { armMixId, eulerId, mixId } from "./controls.ts";
import { collectCurves } from "./collect_curves.ts";
import { collectPoints, collectSpectra, measureBicubic } from "./collect_points.ts";
import { departuresOf } from "./departures.ts";
import { environment } from "./environment.ts";
import { metricColumns, metricRecords, truthOf } from "./measure.ts";
import type { ResultCell } from "./cells/cell.ts";
import type { Environment, Results } from "./results.ts";
import type { SeedOutput } from "./seed.ts";
import type { RunContext } from "./stages/context.ts";
import { comparePoints, frontierOffsets, judgeClaims } from "./statistics/mod.ts";
import type { RunFacts } from "./supervise.ts";
import { writeStrips } from "./strips.ts";

/** Compares what the seeds gave: points, paired differences, the paper's claims, offsets from the frontier, strips. */
export async function assembleResults(
  experiment: ResolvedExperiment,
  context: RunContext,
  seeds: readonly SeedOutput[],
  facts: RunFacts,
): Promise<Results> {
  const { config, preset, settings, arms } = experiment;
  const { perceptual } = context, networks = perceptual.map(({ record: { name } }) => name);
  const metrics = metricColumns(settings.data.size, perceptual);
  const truth = truthOf(context.test), bicubic = await measureBicubic(context, truth);
  const points = collectPoints(arms, seeds, bicubic, settings.evaluation.armMixes);
  const cells = seeds.flatMap((output) => [...output.cells].map(([id, cell]) => ({ id, cell })));
  const tuned = Object.keys(arms).filter((id) => arms[id].method !== "sft");
  const { frontierSteps, mixes, armMixes, steps } = settings.evaluation;
  const known = new Set(points.map(({ id }) => id));
  const euler = [...new Set([...frontierSteps, steps])].sort((a, b) => a - b).map((count) => eulerId(count, settings));
  const images = context.test.ids.map((id) => id.replace(/#\d+$/, "")); // `kodak/01.png` of `kodak/01.png#2`
  const strips = await writeStrips(arms, context, seeds, facts.folder);
  return finiteOrNull({
    experiment: config.name,
    title: config.title,
    claim: config.claim,
    ...(config.own ? { own: config.own } : {}),
    command: facts.command,
    preset,
    environment: await withCommits(cells.map(({ cell }) => cell)),
    settings: { settings, arms },
    settingsHash: facts.settingsHash,
    protocol: describeProtocol(
      protocols.paper,
      metricRecords(settings.data.size, perceptual),
    ),
    dataDescription: facts.dataDescription,
    seeds: settings.seeds,
    testIds: context.test.ids,
    metrics,
    points,
    comparisons: comparePoints({
      points,
      metrics,
      arms: tuned,
      controls: config.controls.filter((id) => known.has(id)),
      images,
    }),
    directions: judgeClaims(config.claims, points, metrics, { images }),
    offsets: frontierOffsets({
      points,
      metrics,
      euler,
      mix: [eulerId(steps, settings), ...mixes.map(mixId)],
      // The reference lies on its own curve, unless the curve turns back.
      arms: [eulerId(steps, settings), ...tuned, ...tuned.flatMap((id) => armMixes.map((w) => armMixId(id, w)))],
      at: ["swd", "hfRatio", "psnrDb", ...networks],
      of: ["psnrDb", "ssim", "gmsd", "swd", ...networks],
      images,
    }),
    curves: collectCurves(arms, seeds),
    spectra: collectSpectra(arms, seeds, truth, bicubic),
    strips,
    paperTables: config.paperTables,
    departures: departuresOf(experiment),
    notes: [...facts.notes, ...await foreignCells(cells), ...(strips.length === 0 ? [NO_STRIPS] : [])],
    checkpoints: Object.fromEntries(cells.flatMap(({ id, cell: { seed, reference, checkpoints } }) => [
      [`sft, seed ${seed}`, reference],
      ...Object.entries(checkpoints).map(([role, hash]) => [networkName(role, id, seed), hash]),
    ])),
    stages: Object.fromEntries(cells.flatMap(({ id, cell: { seed, stages: { reference, adapter, adversary } } }) => [
      [`sft, seed ${seed}`, reference],
      ...adapter ? [[networkName("arm", id, seed), adapter]] : [],
      ...adversary ? [[networkName("adversary", id, seed), adversary]] : [],
    ])),
  });
}

/** Said where a run has no images. */
const NO_STRIPS =
  "No images: every arm of the first seed was taken up from a cell, which holds none; --fresh makes them.";

/** What the records of a run call a trained network of an arm. */
function networkName(role: string, id: string, seed: number): string {
  return `${role === "arm" ? id : `${role} of ${id}`}, seed ${seed}`;
}

/** What this process runs on, with the commits that computed the stages of all cells. */
async function withCommits(cells: readonly ResultCell[]): Promise<Environment> {
  const commits = cells.flatMap(({ environment }) => environment.stageCommits ?? [environment.commit]);
  return { ...await environment(), stageCommits: [...new Set(commits)].sort() };
}

/** Says which cells were computed on another engine or machine than this. */
async function foreignCells(cells: readonly { readonly id: string; readonly cell: ResultCell }[]): Promise<string[]> {
  const own = describePlatform(await environment());
  const groups = new Map<string, string[]>();
  for (const { id, cell } of cells) {
    const other = describePlatform(cell.environment);
    if (other !== own) groups.set(other, [...groups.get(other) ?? [], `${id}, seed ${cell.seed}`]);
  }
  return [...groups].map(([other, names]) => `Computed on ${other}: ${names.join("; ")}.`);
}

function describePlatform({ engine, engineVersion, threads, deno, platform }: Environment): string {
  return `${engine} ${engineVersion}, ${threads} threads, Deno ${deno}, ${platform}`;
}

/** JSON has no NaN and no infinity: what is not a number, as a spread over one seed, becomes null. */
function finiteOrNull<T>(value: T): T {
  if (typeof value === "number") return (Number.isFinite(value) ? value : null) as T;
  if (Array.isArray(value)) return value.map(finiteOrNull) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, finiteOrNull(item)])) as T;
}
