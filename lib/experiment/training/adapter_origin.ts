import { z } from "zod";
import { DataError, sha256File, UsageError } from "../../core/mod.ts";
import { findLora, openSafetensors } from "../../weights/mod.ts";
import { type TrainStage, trainStages } from "./settings.ts";
import type { LoraRecord } from "./stage_folder.ts";

/** How an adapter was trained: what whoever runs it must know and its tensors do not say. */
export interface AdapterOrigin {
  /** What of the procedure. */
  readonly stage: TrainStage;
  /** Side of the crops, pixels. */
  readonly size: number;
  /** How the low-resolution image entered. */
  readonly conditioning: "token" | "channel";
  /** Side at which it was encoded, as a fraction of that of the result. */
  readonly conditionScale: number;
}

/** A file of an adapter that says how it was trained; null, where it does not. */
export interface OriginRecord extends LoraRecord {
  /** What its header says. */
  readonly origin: AdapterOrigin | null;
}

/** Name in the headers of files. */
export const ORIGIN = "asasr";

const schema = z.object({
  stage: z.enum(trainStages as [TrainStage, ...TrainStage[]]),
  size: z.number().int().positive(),
  conditioning: z.enum(["token", "channel"]),
  conditionScale: z.number().positive().max(1),
});

/** The header's text of an origin. */
export function originText({ stage, size, conditioning, conditionScale }: AdapterOrigin): Record<string, string> {
  return { [ORIGIN]: JSON.stringify({ stage, size, conditioning, conditionScale }) };
}

/**
 * Name a file of an adapter, or the one in a folder, with its hash and origin; tensors are not read.
 *
 * @throws {InputOutputError} If there is none.
 * @throws {DataError} If its header is damaged.
 */
export async function loraRecord(path: string): Promise<OriginRecord> {
  const file = await findLora(path);
  using opened = await openSafetensors(file);
  return { path: file, hash: await sha256File(file), origin: originOf(file, opened.metadata) };
}

/**
 * Read the origin in a header.
 *
 * @throws {DataError} If it is damaged.
 */
export function originOf(file: string, header: Readonly<Record<string, string>>): AdapterOrigin | null {
  const text = header[ORIGIN];
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new DataError(
    `Cannot use ${file} as ${ORIGIN} in its header must say how it was trained: current value is ${text}`,
  );
}

/**
 * The origin that adapters on top of each other have in common: that of the last, as the condition must have entered all in
 * the same way.
 *
 * @throws {UsageError} If it did not.
 */
export function commonOrigin(records: readonly OriginRecord[]): AdapterOrigin | null {
  const known = records.filter(({ origin }) => origin !== null);
  const way = ({ origin }: OriginRecord) => `${origin!.conditioning}, scale ${origin!.conditionScale}`;
  const [first] = known, other = known.find((record) => way(record) !== way(first));
  if (other) {
    throw new UsageError(
      `Cannot use adapters together as the condition must have entered all in the same way: current value is ${first.path} ` +
        `(${way(first)}), ${other.path} (${way(other)})`,
    );
  }
  return known.at(-1)?.origin ?? null;
}

/** Say in one line how an adapter was trained. */
export function originLine({ path, origin }: OriginRecord): string {
  if (origin === null) return `${path}: an adapter that does not say how it was trained`;
  const { stage, size, conditioning, conditionScale } = origin;
  const scale = conditionScale === 1 ? "" : ` at scale ${conditionScale}`;
  const note = stage === "adversary" ? "; it imitates restorers and is no restorer to use" : "";
  return `${path}: ${STAGES[stage]} at ${size} px, the condition on the ${conditioning}s${scale}${note}`;
}

const STAGES: Readonly<Record<TrainStage, string>> = { sft: "SFT", adversary: "adversary", asdpo: "AS-DPO" };
