import { join } from "node:path";
import { contentHash, DataError, disposeParams, type JsonValue, readJson } from "../../core/mod.ts";
import { type Adapter, adapts } from "../../nn/mod.ts";
import { mergedHeader, readSafetensors } from "../../weights/mod.ts";
import type { ModelKind, OpenedModel, OpenOptions } from "../models/mod.ts";
import { networkPrefix, networkTargets, openModel, widenedLayer } from "../models/mod.ts";
import { checkpointKind, modelParts, partIdentity } from "../models/parts.ts";
import { filesIdentity } from "../models/files_identity.ts";
import {
  type AdapterOrigin,
  commonOrigin,
  loraRecord,
  originOf,
  type OriginRecord,
} from "../training/adapter_origin.ts";
import { openLora } from "../training/frozen_lora.ts";
import { findSmallRun, type SmallRun } from "./small_run.ts";

/** What restores: found and identified, not loaded. */
export interface RestoreNetwork {
  /** Which kind. */
  readonly kind: ModelKind;
  /** One line for people. */
  readonly label: string;
  /** Folder of its weights, or their single file. */
  readonly checkpoint: string;
  /** Adapters that were named, on top of each other. */
  readonly loras: readonly OriginRecord[];
  /** How they were trained, where they say it. */
  readonly origin: AdapterOrigin | null;
  /** The arm of a run, if it is one. */
  readonly run: SmallRun | null;
  /** Whether adapters are in its weights. */
  readonly merged: boolean;
  /** Changes with its files. */
  readonly identity: string;
}

/** What the command line says of the network. */
export interface NetworkChoice
  extends Pick<OpenOptions, "conditioning" | "conditionScale" | "guidance" | "dtype" | "weights"> {
  /** Folder or file of weights; without it the small network of a run. */
  readonly checkpoint?: string;
  /** Folder of one run or of runs. */
  readonly run: string;
  /** Arm of the run. */
  readonly arm?: string;
  /** Files of adapters. */
  readonly loras: readonly string[];
}

/**
 * Find the network that restores, and tell its files apart from others.
 *
 * @throws {RefusedError} If there is neither a checkpoint nor a finished run.
 * @throws {DataError} If a folder is no checkpoint.
 * @throws {UsageError} If adapters took the condition in different ways and it is not told how it enters.
 * @throws {InputOutputError} If a file is missing.
 */
export async function findNetwork(
  { checkpoint, run: root, arm, loras, conditioning, conditionScale }: NetworkChoice,
): Promise<RestoreNetwork> {
  const run = checkpoint === undefined ? await findSmallRun(root, arm) : null;
  const folder = checkpoint ?? run!.reference, kind = await checkpointKind(folder);
  const records = await Promise.all(loras.map(loraRecord));
  const adapter = run?.adapter ?? null;
  const identity = contentHash({
    files: await identify(kind, folder),
    loras: records.map(({ hash }) => hash),
    adapter: adapter && { ...adapter, path: await filesIdentity([adapter.path]) },
  });
  const label = run === null
    ? `${kind} of ${folder}`
    : `small model of ${run.folder}: ${run.arm}, seed ${run.seed}, trained at ${run.size} px`;
  const weights = kind === "small" ? null : (await modelParts(kind, folder)).network.weights;
  const header = weights === null ? null : await mergedHeader(weights), merged = header !== null;
  const own = { path: folder, origin: header && originOf(folder, header) };
  const of = [own, ...records].filter(({ origin }) => origin?.backbone === kind); // others are refused by their layers
  const told = conditioning !== undefined && conditionScale !== undefined;
  const origin = told ? of.at(-1)?.origin ?? null : commonOrigin(of);
  return { kind, label, checkpoint: folder, loras: records, origin, run, merged, identity };
}

/** A network in memory with the adapters on it; disposing it frees both. */
export interface OpenedNetwork extends Disposable {
  readonly model: OpenedModel;
  readonly adapters: readonly Adapter[];
}

/**
 * Load a network and its adapters.
 *
 * @throws {DataError} If files do not fit the network, or nothing lets the condition into it.
 */
export async function openNetwork(
  { kind, checkpoint, loras, run }: RestoreNetwork,
  { conditioning, conditionScale, guidance, dtype, weights }: Omit<OpenOptions, "backbone" | "checkpoint">,
): Promise<OpenedNetwork> {
  using stack = new DisposableStack();
  const adapters: Adapter[] = [];
  const add = (adapter: Adapter) => {
    stack.adopt(adapter.params, disposeParams);
    adapters.push(adapter);
  };
  if (run?.adapter) {
    const { path, rank, alpha } = run.adapter;
    add({ rank, alpha, params: (await readSafetensors(path)).tensors });
  }
  // Before the weights, which may take minutes to read.
  const model = { backbone: kind, checkpoint, conditioning };
  const network = { prefix: networkPrefix(kind), targets: await networkTargets(model) };
  for (const record of loras) add((await openLora(record, network)).adapter);
  const widened = await widenedLayer(model);
  if (widened !== undefined && !adapters.some((adapter) => adapts(adapter, widened))) {
    throw new DataError(
      `Cannot restore with ${checkpoint} as an adapter of ${widened} must let the condition in, which enters on the ` +
        `channels: current value is ${loras.map(({ path }) => path).join(", ")}`,
    );
  }
  const opened = stack.use(await openModel({ ...model, conditionScale, guidance, dtype, weights }));
  const owned = stack.move();
  return { model: opened, adapters, [Symbol.dispose]: () => owned.dispose() };
}

/** Everything of a checkpoint that decides results: configurations, weights, and how steps are placed. */
async function identify(kind: ModelKind, checkpoint: string): Promise<JsonValue> {
  if (kind === "small") return await filesIdentity([join(checkpoint, "params.safetensors")]);
  const { folder, network, autoencoder, scheduler } = await modelParts(kind, checkpoint);
  const steps = scheduler ? await readJson(join(folder, "scheduler", "scheduler_config.json")) as JsonValue : null;
  return [...await Promise.all([network, autoencoder].map(partIdentity)), steps];
}
