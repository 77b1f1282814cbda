import { join } from "node:path";
import { DataError, readBytes, sha256Hex, UsageError } from "../../core/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { loraModules } from "../../nn/mod.ts";
import { readLora } from "../../weights/mod.ts";
import type { FrozenLora } from "./procedure.ts";
import { finishedStage, type LoraRecord } from "./stage_folder.ts";

/**
 * Find the adapter that AS-DPO builds on: a file that was named, or that of a finished stage.
 *
 * @throws {UsageError} If there is neither.
 */
export async function findLora(out: string, stage: "sft" | "adversary", given?: string): Promise<LoraRecord> {
  if (given !== undefined) return { path: given, hash: sha256Hex(await readBytes(given)) };
  const finished = await finishedStage(join(out, stage));
  if (finished) return finished;
  throw new UsageError(
    `Cannot train AS-DPO as the ${stage} adapter must be trained before (--stage ${stage} with the same --out, or ` +
      `--${stage} FILE): current value is none in ${out}`,
  );
}

/**
 * Read a frozen adapter and check that it belongs to the network.
 *
 * @param targets Every layer of the network that may have one.
 * @returns Tensors that belong to the caller.
 * @throws {DataError} If it adapts layers that the network does not have, or of other widths.
 */
export async function openLora(record: LoraRecord, prefix: string, targets: LinearShapes): Promise<FrozenLora> {
  const adapter = await readLora(record.path, prefix);
  const { params } = adapter;
  const bad = loraModules(adapter).filter((module) => {
    const shape = targets[module];
    return shape === undefined || params[`${module}.lora_A.weight`].shape[1] !== shape.in ||
      params[`${module}.lora_B.weight`].shape[0] !== shape.out;
  });
  if (bad.length === 0) return { ...record, adapter };
  for (const tensor of Object.values(params)) tensor.dispose();
  throw new DataError(
    `Cannot use adapter ${record.path} as its layers must be the network's: current value is ${bad.length} others, ` +
      `such as ${bad[0]}`,
  );
}
