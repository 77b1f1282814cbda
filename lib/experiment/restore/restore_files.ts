import { DataError, lockFolder, StoppedError, writeAtomic } from "../../core/mod.ts";
import { memoryLine } from "../../backbones/mod.ts";
import { decodePhotograph, type Photograph } from "../../image/mod.ts";
import type { RunEvent } from "../events.ts";
import { listen } from "../listen.ts";
import { freeMemory } from "../models/mod.ts";
import { originLine } from "../training/adapter_origin.ts";
import { checkChoice } from "./check_choice.ts";
import { planRestore } from "./memory.ts";
import { findNetwork, openNetwork } from "./network.ts";
import { networkFacts } from "./network_facts.ts";
import { listSources, openJobs, readSource } from "./open_jobs.ts";
import { restoreJobs, type RestoreRecord } from "./outputs.ts";
import { type ResolvedRestore, resolveRestore, type RestoreRequest } from "./request.ts";
import { leaveOutLarge } from "./room.ts";
import { restorePhotograph } from "./restore_photograph.ts";
import { rasterRestorer } from "./restore_raster.ts";

/** What became of the files. */
export interface RestoreOutput {
  /** Results that were made. */
  readonly made: number;
  /** Results that were there, made in the same way. */
  readonly kept: number;
  /** One line for every file that could not be used. */
  readonly faults: readonly string[];
}

/**
 * Restore files by 4, each into a PNG file of its own that is written whole or not at all.
 *
 * What is there already and was made in the same way is kept. A file that cannot be used is reported, and the others are
 * done.
 *
 * @throws {DataError} If there is nothing to restore, or the network's files do not fit.
 * @throws {UsageError} If settings do not fit the network, or a result is there that was made in another way.
 * @throws {RefusedError} If there is no network, or the memory does not suffice.
 * @throws {InputOutputError} If a result cannot be written.
 * @throws {TrainingError} If a result is not finite; it is not written.
 * @throws {StoppedError} If the signal was raised; what is finished stays.
 */
export async function* restoreFiles(request: RestoreRequest): AsyncGenerator<RunEvent, RestoreOutput> {
  const { inputs, out, signal } = request;
  const { jobs, faults: clashes } = restoreJobs(await listSources(inputs, out), out);
  const network = await findNetwork(request.network), { origin } = network;
  // The condition enters as it did in the training of the adapters, unless it is told otherwise.
  const told = request.network, way = told.conditioning ?? origin?.conditioning;
  const choice = {
    ...told,
    conditioning: way,
    // A scale belongs to its way.
    conditionScale: told.conditionScale ?? (way === origin?.conditioning ? origin?.conditionScale : undefined),
    guidance: told.guidance ?? (origin?.guidance === 1 ? undefined : origin?.guidance),
  };
  const resolved = await checkChoice(network, choice);
  const facts = await networkFacts(network, choice);
  const settings = resolveRestore(request.settings, facts);
  const common = { version: 1, network: network.identity, ...resolved, ...recorded(settings) };
  using _held = await lockFolder(out);
  const { open: found, kept, faults: unread } = await openJobs(jobs, common, request, {
    ...settings,
    ...facts,
    coded: facts.coded,
  });
  const plan = { network, options: choice, facts, settings }, limit = () => request.memoryLimit ?? freeMemory();
  const { fitting: open, faults: large } = found.length === 0
    ? { fitting: [], faults: [] }
    : await leaveOutLarge(found, plan, limit());
  const faults = [...clashes, ...unread, ...large], count = kept.length + open.length;
  let index = 0, made = 0;
  for (const { id, output } of kept) {
    yield { kind: "stage", stage: "restore", label: `${id} -> ${output}`, cached: true, index: ++index, count };
  }
  if (open.length === 0) return { made, kept: kept.length, faults };
  const largest = open.reduce((a, b) => a.size.width * a.size.height >= b.size.width * b.size.height ? a : b).size;
  const planned = () => planRestore({ ...plan, lr: largest }, limit());
  await planned();
  await request.start();
  const held = await planned(); // WebAssembly, which may be what was started, takes more
  yield { kind: "note", text: network.label };
  for (const lora of network.loras) yield { kind: "note", text: originLine(lora) };
  yield { kind: "note", text: memoryLine(held) };
  yield { kind: "note", text: settingsLine(settings) };
  if (network.kind !== "small" && network.loras.length === 0 && !network.merged) {
    yield { kind: "note", text: "no --lora: published weights alone were not trained to restore" };
  }
  using opened = await openNetwork(network, { ...choice, weights: held.weights });
  for (const text of opened.model.notes) yield { kind: "note", text };
  using restorer = rasterRestorer(opened.model, opened.adapters, settings);
  const total = open.reduce((sum, { work }) => sum + work, 0);
  let done = 0;
  for (const { path, id, output, record, work } of open) {
    let calls = done;
    const source = await decodeSource(path, faults);
    done += work;
    if (source === null) continue;
    const label = `${id}, ${source.image.width} x ${source.image.height} -> ${output}`;
    yield { kind: "stage", stage: "restore", label, cached: false, index: ++index, count };
    for (const note of source.notes) yield { kind: "note", text: `${id}: ${note}` };
    try {
      const file = yield* listen("tiles", (onStep) => {
        const onTiles = (tiles: number) => onStep(calls += tiles, total);
        return restorePhotograph(restorer, source, record, { signal, onTiles, label: path });
      });
      await writeAtomic(output, file);
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
      throw new StoppedError(`Stopped after ${made} of ${open.length} images; the same command goes on`);
    }
    made++;
  }
  return { made, kept: kept.length, faults };
}

/** Decodes a file; null, and a fault, where it is no image. */
async function decodeSource(path: string, faults: string[]): Promise<Photograph | null> {
  try {
    return await decodePhotograph(await readSource(path), path);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    faults.push(error.message);
    return null;
  }
}

function recorded({ steps, seed, tile, overlap, colourFix }: ResolvedRestore): RestoreRecord {
  return { steps, seed, tile, overlap, colourFix };
}

function settingsLine({ steps, seed, tile, overlap, colourFix, batchSize }: ResolvedRestore): string {
  return `${steps} step${
    steps === 1 ? "" : "s"
  }, seed ${seed}, tiles of ${tile} px that share ${overlap}, ${batchSize} in a call, ` +
    `colour fix ${colourFix}`;
}
