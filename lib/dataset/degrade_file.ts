import { join } from "node:path";
import { contentHash, DataError, readBytes, readJson, sha256Hex, writeAtomic, writeJson } from "../core/mod.ts";
import {
  composeGrid,
  crop,
  decodeImage,
  encodePng,
  interpolate,
  quantise8,
  type Raster,
  type RasterSize,
  resizeBicubic,
  writePng,
} from "../image/mod.ts";
import { degradationStages } from "./degradation/degrade.ts";
import { describeStep } from "./degradation/describe.ts";
import { type PairRecord, renderTruth } from "./pair_record.ts";
import { type PatchOptions, planPatch } from "./patches.ts";

/** How files are degraded: together with their content, it fixes every byte of the result. */
export interface DegradeSettings extends PatchOptions {
  /** Sides that every image is resized to before anything else, such as COCO's 512 x 512; null leaves them. */
  readonly resize: RasterSize | null;
}

/** One file to degrade; plain JSON, so that a worker can take it. */
export interface DegradeJob {
  /** Stable name of the file, such as `kodak/01.png`. */
  readonly id: string;
  /** Where it lies. */
  readonly path: string;
  /** Names of the results below `lr/`, `hr/` and `recipes/`, without extension; one for each patch. */
  readonly names: readonly string[];
  /** Folder of the results. */
  readonly out: string;
  /** How. */
  readonly settings: DegradeSettings;
  /** Whether to draw a strip with every stage. */
  readonly strip: boolean;
  /** Records to replay instead of drawing new ones, one for each name. */
  readonly replay: readonly DegradedRecord[] | null;
}

/** How one result was made, and what came out: `recipes/NAME.json`. */
export interface DegradedRecord {
  /** Of this format. */
  readonly version: 1;
  /** Name of the result. */
  readonly name: string;
  /** Everything that was drawn; replayed, it gives the same bytes. */
  readonly pair: PairRecord;
  /** Sides of the file. */
  readonly sides: RasterSize;
  /** Sides that the image was resized to first, or null. */
  readonly resize: RasterSize | null;
  /** Hash of the settings, by which a later run knows what is done. */
  readonly settings: string;
  /** Conversions when the file was read. */
  readonly notes: readonly string[];
  /** SHA-256 of `hr/NAME.png` and `lr/NAME.png`. */
  readonly sha256: { readonly hr: string; readonly lr: string };
}

/** What became of one result. */
export interface DegradedResult {
  /** `made`, `kept` from an earlier run, or `skipped` as the image is too small. */
  readonly state: "made" | "kept" | "skipped";
  /** Its record; null where it was skipped. */
  readonly record: DegradedRecord | null;
}

/**
 * Degrade one file into `lr/NAME.png` and `hr/NAME.png`, with `recipes/NAME.json` written last: what a record describes
 * is whole, and kept when the same command runs again.
 *
 * @param job The file and what to do with it.
 * @returns One result per name.
 * @throws {DataError} If the file cannot be decoded, is too small, or is not the one of a replayed recipe.
 * @throws {InputOutputError} If something cannot be read or written.
 */
export async function degradeFile(job: DegradeJob): Promise<DegradedResult[]> {
  const bytes = await readBytes(job.path);
  const hash = sha256Hex(bytes), settings = contentHash({ ...job.settings, replayed: job.replay !== null });
  const results: DegradedResult[] = [];
  let decoded: Decoded | undefined;
  for (const [number, name] of job.names.entries()) {
    const again = job.replay === null ? null : sameImage(job.replay[number], job.path, hash);
    const kept = await keptRecord(job, name, hash, settings);
    if (kept && (again === null || contentHash(kept.pair) === contentHash(again.pair))) {
      results.push({ state: "kept", record: kept });
      continue;
    }
    decoded ??= await decode(bytes, job.path, again ? again.resize : job.settings.resize);
    const facts = { id: job.id, hash, width: decoded.image.width, height: decoded.image.height };
    const pair = again ? again.pair : planPatch(facts, number, job.settings);
    if (pair === null) results.push({ state: "skipped", record: null });
    else results.push({ state: "made", record: await make(job, name, decoded, pair, settings) });
  }
  return results;
}

interface Decoded {
  readonly sides: RasterSize;
  readonly resize: RasterSize | null;
  readonly image: Raster;
  readonly notes: readonly string[];
}

async function decode(bytes: Uint8Array, path: string, resize: RasterSize | null): Promise<Decoded> {
  const { image, notes } = await decodeImage(bytes, path);
  const sides = { width: image.width, height: image.height };
  if (resize === null) return { image, notes, sides, resize };
  const note = `resized from ${image.width} x ${image.height}`;
  return { image: quantise8(resizeBicubic(image, resize)), notes: [...notes, note], sides, resize };
}

async function make(
  { out, strip }: DegradeJob,
  name: string,
  { image, notes, sides, resize }: Decoded,
  pair: PairRecord,
  settings: string,
): Promise<DegradedRecord> {
  const { hr, lr } = await renderTruth(image, pair);
  const [truth, low] = [await encodePng(hr), await encodePng(lr)];
  await writeAtomic(pngPath(out, "hr", name), truth);
  await writeAtomic(pngPath(out, "lr", name), low);
  if (strip) await writePng(pngPath(out, "strips", name), await stageStrip(crop(image, pair.window), pair));
  const sha256 = { hr: sha256Hex(truth), lr: sha256Hex(low) };
  const record: DegradedRecord = { version: 1, name, pair, sides, resize, settings, notes, sha256 };
  await writeJson(join(out, "recipes", `${name}.json`), record);
  return record;
}

const STRIP_SIDE = 192;

/** The middle of the image after every step, all at one size. */
async function stageStrip(image: Raster, { recipe }: PairRecord): Promise<Raster> {
  const views = [middle(image, image)], labels = ["original"];
  for await (const { step, image: stage } of degradationStages(image, recipe)) {
    views.push(middle(stage, image));
    labels.push(describeStep(step));
  }
  return await composeGrid([views], { labels: { columns: labels } });
}

/** The part of a stage that shows the middle of the original. */
function middle(stage: Raster, { width, height }: RasterSize): Raster {
  const span = (side: number, original: number) => {
    const extent = Math.max(1, Math.round(side * Math.min(1, STRIP_SIDE / original)));
    return { from: (side - extent) >> 1, extent };
  };
  const across = span(stage.width, width), down = span(stage.height, height);
  const part = crop(stage, { left: across.from, top: down.from, width: across.extent, height: down.extent });
  return interpolate(part, "area", { width: Math.min(STRIP_SIDE, width), height: Math.min(STRIP_SIDE, height) });
}

async function keptRecord(job: DegradeJob, name: string, hash: string, settings: string) {
  try {
    const record = await readRecord(join(job.out, "recipes", `${name}.json`));
    if (record.pair.hash !== hash || record.settings !== settings || record.sides === undefined) return null;
    for (const kind of ["hr", "lr"] as const) {
      if (sha256Hex(await readBytes(pngPath(job.out, kind, name))) !== record.sha256[kind]) return null;
    }
    return record;
  } catch {
    return null; // whatever is missing or broken is made again
  }
}

function sameImage(record: DegradedRecord, path: string, hash: string): DegradedRecord {
  if (record.pair.hash === hash) return record;
  throw new DataError(`Cannot replay ${record.name} as the image must be the same: current value is ${path}, ${hash}`);
}

/**
 * Read the record of a result: `recipes/NAME.json`.
 *
 * @param path File.
 * @returns The record.
 * @throws {DataError} If the file holds something else.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readRecord(path: string): Promise<DegradedRecord> {
  const record = await readJson(path);
  if (isRecord(record)) return record;
  throw new DataError(
    `Cannot read ${path} as it must be a recipe of version 1: current value is ${
      (record as DegradedRecord | null)?.version
    }`,
  );
}

/** Whether a value read from JSON is a record, with a name that stays inside the folder of the results. */
export function isRecord(value: unknown): value is DegradedRecord {
  const record = value as DegradedRecord | null;
  return record?.version === 1 && Array.isArray(record.pair?.recipe?.steps) && typeof record.name === "string" &&
    !/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(record.name);
}

function pngPath(out: string, kind: "hr" | "lr" | "strips", name: string): string {
  return join(out, kind, `${name}.png`);
}
