import { join } from "node:path";
import { UsageError } from "../../core/mod.ts";
import { type LoraNetwork, readLora } from "../../weights/mod.ts";
import { loraRecord } from "./adapter_origin.ts";
import type { FrozenLora } from "./procedure.ts";
import { finishedStage, type LoraRecord } from "./stage_folder.ts";

/**
 * Find the adapter that AS-DPO builds on: a file that was named, or that of a finished stage.
 *
 * @throws {UsageError} If there is neither, or the file says that it is of another stage.
 */
export async function frozenLora(out: string, stage: "sft" | "adversary", given?: string): Promise<LoraRecord> {
  if (given !== undefined) {
    const record = await loraRecord(given);
    if (record.origin === null || record.origin.stages.join() === stage) return record;
    throw new UsageError(
      `Cannot train AS-DPO on --${stage} ${given} as it must be of this stage: current value is ${
        record.origin.stages.join(" + ")
      }`,
    );
  }
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
 * @param network Its layers that may have an adapter.
 * @returns Tensors that belong to the caller.
 * @throws {DataError} If it adapts layers that the network does not have, or of other widths.
 */
export async function openLora(record: LoraRecord, network: LoraNetwork): Promise<FrozenLora> {
  return { ...record, adapter: await readLora(record.path, network) };
}
