import { z } from "zod";
import { DataError, sha256File, UsageError } from "../../core/mod.ts";
import { findLora, openSafetensors } from "../../weights/mod.ts";
import { type ModelKind, modelKinds } from "../models/mod.ts";
import { type TrainStage, trainStages } from "./settings.ts";
import type { LoraRecord } from "./stage_folder.ts";

/** How an adapter was trained: what whoever runs it must know and its tensors do not say. */
export interface AdapterOrigin {
  /** Which network it adapts. */
  readonly backbone: ModelKind;
  /** What of the procedure: one stage, or all that were added up. */
  readonly stages: readonly TrainStage[];
  /** Side of the crops, pixels. */
  readonly size: number;
  /** How the low-resolution image entered. */
  readonly conditioning: "token" | "channel";
  /** Side at which it was encoded, as a fraction of that of the result. */
  readonly conditionScale: number;
  /** What FLUX.1-dev was told. */
  readonly guidance: number;
}

/** A file of an adapter that says how it was trained; null, where it does not. */
export interface OriginRecord extends LoraRecord {
  /** What its header says. */
  readonly origin: AdapterOrigin | null;
}

/** Name in the headers of files. */
export const ORIGIN = "asasr";

const schema = z.object({
  backbone: z.enum(modelKinds),
  stages: z.array(z.enum(trainStages as [TrainStage, ...TrainStage[]])).min(1),
  size: z.number().int().positive(),
  conditioning: z.enum(["token", "channel"]),
  conditionScale: z.number().positive().max(1),
  guidance: z.number().min(0),
});

/** The header's text of an origin; none, of none. */
export function originText(origin: AdapterOrigin | null): Record<string, string> {
  return origin === null ? {} : { [ORIGIN]: JSON.stringify(schema.parse(origin)) };
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
 * The origin of adapters on top of each other: their stages together, at the size of the last. Those that do not say theirs
 * are passed over.
 *
 * @throws {UsageError} If they are of different networks, or the condition did not enter all in the same way.
 */
export function commonOrigin(
  records: readonly Pick<OriginRecord, "path" | "origin">[],
): AdapterOrigin | null {
  const known = records.flatMap(({ path, origin }) => origin ? [{ path, origin }] : []);
  if (known.length === 0) return null;
  const [first] = known, other = known.find(({ origin }) => wayOf(origin) !== wayOf(first.origin));
  if (other) {
    throw new UsageError(
      `Cannot use adapters together as all must have been trained in one way: current value is ${first.path} ` +
        `(${wayOf(first.origin)}), ${other.path} (${wayOf(other.origin)})`,
    );
  }
  const stages = new Set(known.flatMap(({ origin }) => origin.stages));
  return { ...known.at(-1)!.origin, stages: trainStages.filter((stage) => stages.has(stage)) };
}

/** Say in one line how an adapter was trained. */
export function originLine({ path, origin }: Pick<OriginRecord, "path" | "origin">): string {
  if (origin === null) return `${path}: an adapter that does not say how it was trained`;
  const adversary = origin.stages.includes("adversary");
  const note = adversary ? "; an adversary imitates restorers and is none to use" : "";
  const names = origin.stages.map((stage) => STAGES[stage]).join(" + ");
  return `${path}: ${names} at ${origin.size} px, ${wayOf(origin)}${note}`;
}

const STAGES: Readonly<Record<TrainStage, string>> = { sft: "SFT", adversary: "adversary", asdpo: "AS-DPO" };

/** What adapters that work together must share. */
function wayOf({ backbone, conditioning, conditionScale, guidance }: AdapterOrigin): string {
  const scale = conditionScale === 1 ? "" : ` at scale ${conditionScale}`;
  const told = guidance === 1 ? "" : `, guidance ${guidance}`;
  return `${backbone}, the condition on the ${conditioning}s${scale}${told}`;
}
