import type { PairSet } from "../dataset/mod.ts";
import type { StoredNegatives } from "./negatives.ts";

/** Outputs of one restorer for some images of a set of pairs: what the adversary learns to imitate. */
export interface ArtifactSet {
  /** Name of the restorer. */
  readonly name: string;
  /** The images, as ascending indices into the set. */
  readonly images: readonly number[];
  /** Side of an image in pixels, or of its latents in cells. */
  readonly size: number;
  /** Their outputs in [-1, 1], or latents of them, in the order of `images`. `[images, size, size, C]` */
  readonly pixels: Float32Array;
}

/**
 * A restorer whose outputs stand for realistic artifacts.
 *
 * @param images Which images of the set, as ascending indices.
 */
export type ArtifactSource = (pairs: PairSet, images: readonly number[], signal?: AbortSignal) => Promise<ArtifactSet>;

/**
 * Take stored artifacts as negatives: for each draw the output of a random restorer, on fresh noise.
 *
 * Used as they are, these are the "supervised" negatives of the paper's ablation; as the targets of `trainAdversary`
 * they are its training data.
 *
 * @param sets At least one; an image's negatives come from the sets that have it.
 * @throws {RangeError} If no set has an image.
 */
export function artifactNegatives(sets: readonly ArtifactSet[]): StoredNegatives {
  const outputs = new Map<number, Float32Array[]>();
  for (const { images, pixels } of sets) {
    const values = pixels.length / images.length;
    images.forEach((image, row) => {
      const known = outputs.get(image) ?? [];
      outputs.set(image, [...known, pixels.subarray(row * values, (row + 1) * values)]);
    });
  }
  if (outputs.size === 0) {
    throw new RangeError("Cannot take artifacts as negatives as there must be at least one: current value is 0");
  }
  return {
    kind: "stored",
    images: [...outputs.keys()].sort((a, b) => a - b),
    draw(image, random) {
      const choices = outputs.get(image);
      if (choices === undefined) {
        throw new RangeError(`Cannot draw an artifact as the image must have one: current value is image ${image}`);
      }
      return { x1: random.pick(choices), x0: null };
    },
  };
}
