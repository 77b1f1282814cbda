import {
  availableMemory,
  DataError,
  InputOutputError,
  lockFolder,
  sha256Hex,
  StoppedError,
  writeAtomic,
} from "../../core/mod.ts";
import { listImages } from "../../dataset/mod.ts";
import { imageSize, type RasterSize, readImageBytes } from "../../image/mod.ts";
import type { RunEvent } from "../events.ts";
import { listen } from "../listen.ts";
import { requireRestoreMemory, restoreMemoryLine, restoreWeights } from "./memory.ts";
import { findNetwork, openNetwork } from "./network.ts";
import { networkFacts } from "./network_facts.ts";
import { isRestored, type RestoreJob, restoreJobs, type RestoreRecord } from "./outputs.ts";
import { type ResolvedRestore, resolveRestore, type RestoreRequest } from "./request.ts";
import { restorePhotograph } from "./restore_photograph.ts";
import { countWork, rasterRestorer } from "./restore_raster.ts";
import { type ImageRules, restoreLayout } from "./settings.ts";

/** What became of the files. */
export interface RestoreOutput {
  /** Results that were made. */
  readonly made: number;
  /** Results that were there, made in the same way. */
  readonly kept: number;
  /** One line for every file that could not be used. */
  readonly faults: readonly string[];
}

/** A file that is to be restored. */
interface OpenJob extends RestoreJob {
  readonly record: RestoreRecord;
  readonly size: RasterSize;
  /** Calls, by tiles. */
  readonly work: number;
}

/**
 * Restore files by 4, each into a PNG file of its own that is written whole or not at all.
 *
 * What is there already and was made in the same way is kept. A file that cannot be used is reported, and the others are
 * done.
 *
 * @throws {DataError} If there is nothing to restore, two results have one name, or the network's files do not fit.
 * @throws {UsageError} If settings do not fit the network, or a result is there that was made in another way.
 * @throws {RefusedError} If there is no network, or the memory does not suffice.
 * @throws {InputOutputError} If a result cannot be written.
 * @throws {StoppedError} If the signal was raised; what is finished stays.
 */
export async function* restoreFiles(request: RestoreRequest): AsyncGenerator<RunEvent, RestoreOutput> {
  const { inputs, out, network: choice, signal } = request;
  const jobs = restoreJobs(await listImages(inputs), out);
  const network = await findNetwork(choice), facts = await networkFacts(network, choice);
  const settings = resolveRestore(request.settings, facts);
  const { conditioning, conditionScale, guidance, dtype } = choice;
  const common = {
    version: 1,
    network: network.identity,
    conditioning: conditioning ?? null,
    conditionScale: conditionScale ?? null,
    guidance: guidance ?? null,
    dtype: dtype ?? null,
    ...recorded(settings),
  };
  using _held = await lockFolder(out);
  const { open, kept, faults } = await openJobs(jobs, common, request, {
    ...settings,
    ...facts,
    coded: facts.codedBytesPerPixel > 0,
  });
  const count = jobs.length - faults.length;
  let index = 0, made = 0;
  for (const { id, output } of kept) {
    yield { kind: "stage", stage: "restore", label: `${id} -> ${output}`, cached: true, index: ++index, count };
  }
  if (open.length === 0) return { made, kept: kept.length, faults };
  const largest = open.reduce((a, b) => a.size.width * a.size.height >= b.size.width * b.size.height ? a : b).size;
  const limit = request.memoryLimit ?? availableMemory();
  const memory = requireRestoreMemory(await restoreWeights(network, choice), facts, settings, largest, limit);
  await request.start();
  yield { kind: "note", text: network.label };
  yield { kind: "note", text: restoreMemoryLine(memory, largest) };
  yield { kind: "note", text: settingsLine(settings) };
  using opened = await openNetwork(network, choice);
  using restorer = rasterRestorer(opened.model, opened.adapters, settings);
  const total = open.reduce((sum, { work }) => sum + work, 0);
  let done = 0;
  for (const { path, id, output, record, work, size } of open) {
    const label = `${id}, ${size.width} x ${size.height} -> ${output}`;
    yield { kind: "stage", stage: "restore", label, cached: false, index: ++index, count };
    try {
      const bytes = await readSource(path);
      let calls = done;
      const { file, notes } = yield* listen(
        "tiles",
        (onStep) =>
          restorePhotograph(restorer, bytes, path, record, {
            signal,
            onTiles: (tiles) => onStep(calls += tiles, total),
          }),
      );
      await writeAtomic(output, file);
      for (const note of notes) yield { kind: "note", text: `${id}: ${note}` };
      made++;
    } catch (error) {
      if (error instanceof StoppedError) {
        throw new StoppedError(`Stopped after ${made} of ${open.length} images; the same command goes on`);
      }
      if (!(error instanceof DataError)) throw error;
      faults.push(error.message);
    }
    done += work;
  }
  return { made, kept: kept.length, faults };
}

/** Finds what is to be done, and what is wrong with a file before anything is loaded. */
async function openJobs(
  jobs: readonly RestoreJob[],
  common: RestoreRecord,
  { overwrite }: RestoreRequest,
  settings: ResolvedRestore & ImageRules & { readonly coded: boolean },
): Promise<{ open: OpenJob[]; kept: RestoreJob[]; faults: string[] }> {
  const open: OpenJob[] = [], kept: RestoreJob[] = [], faults: string[] = [];
  for (const job of jobs) {
    try {
      const record = { ...common, source: sha256Hex(await readSource(job.path)) };
      if (!overwrite && await isRestored(job.output, record)) {
        kept.push(job);
        continue;
      }
      // A file whose sides cannot be read is no image, which decoding it says better.
      const size = await imageSize(job.path) ?? { width: 1, height: 1 };
      const work = countWork(restoreLayout(size, settings, settings), settings.steps, settings.coded);
      open.push({ ...job, record, size, work });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      faults.push(error.message);
    }
  }
  return { open, kept, faults };
}

/** Reads a file; one that cannot be read is a fault of this file, not of the run. */
async function readSource(path: string): Promise<Uint8Array> {
  try {
    return await readImageBytes(path);
  } catch (error) {
    if (error instanceof InputOutputError) throw new DataError(error.message, { cause: error });
    throw error;
  }
}

function recorded({ steps, seed, tile, overlap, colourFix }: ResolvedRestore): RestoreRecord {
  return { steps, seed, tile, overlap, colourFix };
}

function settingsLine({ steps, seed, tile, overlap, colourFix, batchSize }: ResolvedRestore): string {
  return `${steps} steps, seed ${seed}, tiles of ${tile} px that share ${overlap}, ${batchSize} in a call, ` +
    `colour fix ${colourFix}`;
}
