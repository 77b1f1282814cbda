import type { ArtifactSet, RolloutBank } from "../../adversary/mod.ts";
import {
  DataError,
  decodeTensors,
  encodeTensors,
  readBytes,
  readJson,
  writeAtomic,
  writeJson,
} from "../../core/mod.ts";

/**
 * Writes artifacts as bytes, 8 bits a value, as a restorer's image files would be.
 *
 * @param base Path without extension: `.json` and `.bin` are added.
 */
export async function saveArtifacts(base: string, set: ArtifactSet): Promise<void> {
  const { name, images, size, pixels } = set;
  await writeAtomic(`${base}.bin`, new Uint8Array(Uint8ClampedArray.from(pixels, (x) => (x + 1) * 127.5).buffer));
  await writeJson(`${base}.json`, { name, images, size });
}

/** Reads what {@link saveArtifacts} wrote, in [-1, 1]. */
export async function loadArtifacts(base: string): Promise<ArtifactSet> {
  const { name, images, size } = await readJson(`${base}.json`) as Omit<ArtifactSet, "pixels">;
  const bytes = await readBytes(`${base}.bin`);
  if (bytes.length !== images.length * size * size * 3) {
    throw new DataError(
      `Cannot read ${base}.bin as it must hold ${images.length} images: current value is ${bytes.length} bytes`,
    );
  }
  return { name, images, size, pixels: Float32Array.from(bytes, (byte) => byte / 127.5 - 1) };
}

/** Writes a bank of rollouts, exactly. */
export async function saveRollouts(path: string, bank: RolloutBank): Promise<void> {
  const { images, draws, steps, seed, size, pixels } = bank;
  const tensors = {
    images: { shape: [images.length], data: Int32Array.from(images) },
    pixels: { shape: [draws, images.length, size, size, 3], data: pixels },
  };
  await writeAtomic(path, encodeTensors(tensors, { steps: String(steps), seed: String(seed) }));
}

/** Reads what {@link saveRollouts} wrote. */
export async function loadRollouts(path: string): Promise<RolloutBank> {
  const { tensors: { images, pixels }, metadata } = decodeTensors(await readBytes(path), path);
  const [draws, , size] = pixels.shape;
  return {
    images: [...images.data],
    draws,
    steps: Number(metadata.steps),
    seed: Number(metadata.seed),
    size,
    pixels: pixels.data as Float32Array,
  };
}
