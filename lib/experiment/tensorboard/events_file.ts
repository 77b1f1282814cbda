import { join } from "node:path";
import { inputOutputError } from "../../core/mod.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { concat, encodeFileVersion, encodeScalars, type ScalarEvent, stepOf } from "./event.ts";

/** Begins the name of every event file, as TensorBoard looks for it. */
const PREFIX = "events.out.tfevents.";
/** Bytes of a record before its data (length and its checksum) and after it (checksum of the data). */
const BEFORE = 12, AFTER = 4;

/** A TensorBoard file under way. */
export interface EventsFile extends Disposable {
  /** Append the numbers of a step. */
  add(event: ScalarEvent): Promise<void>;
}

/**
 * Open the TensorBoard file of a training folder. A file that is there is gone on with: what a killed process wrote after
 * the step that the training resumes from, or wrote in part, is cut off.
 *
 * @param folder Must exist. `tensorboard --logdir` finds the file in it and in the folders above.
 * @param options.from Steps that the training has done.
 * @param options.now Seconds since 1970, for the file's name and first record.
 * @throws {InputOutputError} If the file cannot be read or written.
 */
export async function openEvents(
  folder: string,
  { from, now }: { readonly from: number; readonly now: number },
): Promise<EventsFile> {
  const existing = await findEvents(folder);
  const path = existing ?? join(folder, `${PREFIX}${String(Math.floor(now)).padStart(10, "0")}.asasr`);
  return await written(path, async () => {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    try {
      const kept = existing === null ? 0 : keptLength(await Deno.readFile(path), from);
      await file.truncate(kept);
      await file.seek(0, Deno.SeekMode.End);
      if (kept === 0) await writeAll(file, record(encodeFileVersion(now)));
    } catch (error) {
      file.close();
      throw error;
    }
    return {
      add: (event) => written(path, () => writeAll(file, record(encodeScalars(event)))),
      [Symbol.dispose]: () => file.close(),
    };
  });
}

/** Frame data as a record of a TFRecord file: its length, the checksum of that, the data, the checksum of the data. */
export function record(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return concat([length, checksum(length), data, checksum(data)]);
}

/**
 * Split a TFRecord file into the data of its records.
 *
 * @returns The whole records with right checksums, up to the first that is not, and the bytes they take.
 */
export function splitRecords(bytes: Uint8Array): { data: Uint8Array; end: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: { data: Uint8Array; end: number }[] = [];
  for (let at = 0; at + BEFORE <= bytes.length;) {
    const length = Number(view.getBigUint64(at, true)), end = at + BEFORE + length + AFTER;
    if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8)) || end > bytes.length) break;
    const data = bytes.subarray(at + BEFORE, end - AFTER);
    if (view.getUint32(end - AFTER, true) !== maskedCrc32c(data)) break;
    records.push({ data, end });
    at = end;
  }
  return records;
}

/** Bytes of the records up to a step. */
function keptLength(bytes: Uint8Array, from: number): number {
  let kept = 0;
  for (const { data, end } of splitRecords(bytes)) {
    if (stepOf(data) > from) break;
    kept = end;
  }
  return kept;
}

async function findEvents(folder: string): Promise<string | null> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.startsWith(PREFIX)) names.push(name);
  return names.length === 0 ? null : join(folder, names.sort()[0]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const masked = new Uint8Array(4);
  new DataView(masked.buffer).setUint32(0, maskedCrc32c(bytes), true);
  return masked;
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

async function written<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inputOutputError("write", path, error);
  }
}
