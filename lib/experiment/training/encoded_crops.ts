import { join } from "node:path";
import type { ArtifactSet } from "../../adversary/mod.ts";
import {
  contentHash,
  DataError,
  decodeTensors,
  encodeTensors,
  type HostTensor,
  readBytes,
  StoppedError,
  writeAtomic,
} from "../../core/mod.ts";
import type { TrainingPairs } from "../../dataset/mod.ts";
import { tf, trace } from "../../engine/mod.ts";
import type { Codec } from "../../flow/mod.ts";
import { type Raster, rasterToTensor, resizeBicubic } from "../../image/mod.ts";
import type { RunEvent } from "../events.ts";
import type { Crop, RenderedCrop } from "./crop.ts";

/** The space that crops are brought to. */
export interface CropSpace {
  /** To latents. */
  readonly codec: Codec;
  /** Changes whenever the codec's outputs would. */
  readonly identity: string;
  /** Side of a crop in pixels. */
  readonly size: number;
  /** Side at which the condition is encoded, as a fraction of that of the truth. */
  readonly conditionScale: number;
}

/** Crops in the space of the network, with the outputs of restorers. */
export interface EncodedCrops extends TrainingPairs {
  /** Of the crops and the space: what a training depends on. */
  readonly hash: string;
  /** One set per restorer. */
  readonly artifacts: readonly ArtifactSet[];
}

/**
 * Encode crops once: each is kept in a file of its own, so that an interrupted call goes on, and a second training finds
 * them.
 *
 * @param options.folder Of the files, made where it is missing.
 * @throws {StoppedError} If the signal was raised; what is encoded is kept.
 */
export async function* encodeCrops(
  crops: readonly Crop[],
  space: CropSpace,
  options: { readonly folder: string; readonly label: string; readonly signal: AbortSignal },
): AsyncGenerator<RunEvent, EncodedCrops> {
  const { folder, label, signal } = options;
  const { identity, size, conditionScale } = space;
  const encode = trace((x: tf.Tensor4D) => space.codec.encode(x), { name: "encode" });
  const encoded: Record<string, HostTensor>[] = [];
  try {
    for (const [i, crop] of crops.entries()) {
      if (signal.aborted) {
        throw new StoppedError(
          `Stopped encoding after ${i} of ${crops.length} crops; the same command goes on from here`,
        );
      }
      const key = contentHash({ crop: crop.key, identity, size, conditionScale });
      const path = join(folder, `${key}.safetensors`);
      let tensors = await readKept(path);
      if (tensors === null) {
        tensors = await encodeCrop(await crop.render(), crop.restorers, encode, space);
        await writeAtomic(path, encodeTensors(tensors));
      }
      encoded.push(tensors);
      yield { kind: "step", label, step: i + 1, steps: crops.length, numbers: {} };
    }
  } finally {
    encode.dispose();
  }
  return {
    size: encoded[0].hr.shape[0],
    channels: space.codec.channels,
    conditionSize: encoded[0].condition.shape[0],
    count: crops.length,
    ids: crops.map(({ id }) => id),
    hr: joined(encoded.map(({ hr }) => hr)),
    condition: joined(encoded.map(({ condition }) => condition)),
    hash: contentHash({ keys: crops.map(({ key }) => key), identity, size, conditionScale }),
    artifacts: artifactsOf(crops, encoded),
  };
}

async function encodeCrop(
  { hr, lr, negatives }: RenderedCrop,
  restorers: readonly string[],
  encode: (x: tf.Tensor4D) => Promise<tf.Tensor4D>,
  { size, conditionScale }: CropSpace,
): Promise<Record<string, HostTensor>> {
  const side = size * conditionScale;
  const condition = resizeBicubic(lr, { width: side, height: side });
  condition.data.forEach((value, i) => condition.data[i] = Math.min(Math.max(value, 0), 1));
  const tensors: Record<string, HostTensor> = {};
  const add = async (name: string, raster: Raster) => {
    const x = rasterToTensor([raster]);
    const z = await encode(x).finally(() => x.dispose());
    tensors[name] = { shape: z.shape.slice(1), data: await z.data<"float32">().finally(() => z.dispose()) };
  };
  await add("hr", hr);
  await add("condition", condition);
  for (const [i, restorer] of restorers.entries()) await add(negativeName(restorer), negatives[i]);
  return tensors;
}

async function readKept(path: string): Promise<Record<string, HostTensor> | null> {
  const exists = await Deno.stat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  if (!exists) return null;
  try {
    return decodeTensors(await readBytes(path), path).tensors;
  } catch (error) {
    if (error instanceof DataError) return null; // damaged: made again
    throw error;
  }
}

function artifactsOf(crops: readonly Crop[], encoded: readonly Record<string, HostTensor>[]): ArtifactSet[] {
  const restorers = [...new Set(crops.flatMap((crop) => crop.restorers))].sort();
  return restorers.map((name) => {
    const images = crops.flatMap((crop, i) => crop.restorers.includes(name) ? [i] : []);
    const latents = images.map((i) => encoded[i][negativeName(name)]);
    return { name, images, size: latents[0].shape[0], pixels: joined(latents) };
  });
}

function negativeName(restorer: string): string {
  return `negative.${restorer}`;
}

function joined(parts: readonly HostTensor[]): Float32Array {
  const length = parts[0].data.length, whole = new Float32Array(parts.length * length);
  parts.forEach(({ data }, i) => whole.set(data, i * length));
  return whole;
}
