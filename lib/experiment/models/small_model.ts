import { join } from "node:path";
import { z } from "zod";
import { DataError, disposeParams, readJson } from "../../core/mod.ts";
import type { Backbone } from "../../backbones/mod.ts";
import { euler, pixelCodec, straightPath } from "../../flow/mod.ts";
import { matchParams, readSafetensors } from "../../weights/mod.ts";
import { backboneOf } from "../backbone.ts";
import { backboneSchema, type SmallBackboneSettings } from "../schema/networks.ts";
import { filesIdentity } from "./files_identity.ts";
import type { OpenedModel, OpenOptions } from "./opened_model.ts";

const stage = z.object({ stage: z.literal("sft"), inputs: z.object({ backbone: backboneSchema }) });

/**
 * Open the small transformer that `deno task ablation` trains.
 *
 * @param options.checkpoint A finished stage `runs/stages/sft-HASH`.
 * @throws {DataError} If the folder is another one, or the weights do not fit.
 */
export async function openSmallModel({ checkpoint }: OpenOptions): Promise<OpenedModel> {
  const backbone = await readSmallBackbone(checkpoint), path = join(checkpoint, "params.safetensors");
  const { tensors: params } = await readSafetensors(path);
  try {
    matchParams(params, backbone.shapes, path);
  } catch (error) {
    disposeParams(params);
    throw error;
  }
  return {
    kind: "small",
    name: backbone.name,
    prefix: "transformer",
    identity: await filesIdentity([path]),
    codecIdentity: pixelCodec.name,
    conditionScale: 1,
    weights: "resident",
    notes: [],
    backbone,
    params,
    codec: pixelCodec,
    path: straightPath,
    solver: euler,
    times: (steps) => [...Array.from({ length: steps }, (_, k) => k / steps), 1],
    [Symbol.dispose]: () => disposeParams(params),
  };
}

/**
 * Tell which small transformer a stage trained.
 *
 * @throws {InputOutputError} If the folder has no record of a stage.
 * @throws {DataError} If it is another stage.
 */
export async function readSmallBackbone(checkpoint: string): Promise<Backbone> {
  return backboneOf({ backbone: await readSmallSettings(checkpoint) });
}

/** Read the sizes of the transformer that a stage trained; see {@linkcode readSmallBackbone}. */
export async function readSmallSettings(checkpoint: string): Promise<SmallBackboneSettings> {
  const { success, data, error } = stage.safeParse(await readJson(join(checkpoint, "stage.json")));
  if (success && data.inputs.backbone.kind === "small") return data.inputs.backbone;
  throw new DataError(
    `Cannot open ${checkpoint} as it must be a finished stage runs/stages/sft-... of \`deno task ablation\`: ` +
      (error?.issues[0].message ?? "its network is another one"),
  );
}
