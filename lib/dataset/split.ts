import { DataError } from "../core/mod.ts";

/** Part of a set of images; `test` is all of them, as test images come from their own folder. */
export type Split = "train" | "val" | "test";

/**
 * Select the images of a split. Training and validation share no image, and an image stays in its part whatever the
 * seed, as the split goes by content.
 *
 * @param images All images of the set, or pairs, each with the SHA-256 of its content.
 * @param split Which part.
 * @param fraction Share of the validation images, at least one image; 0.1 by default.
 * @returns The part, in the order of `images`.
 * @throws {DataError} If there are too few images for both parts.
 */
export function splitImages<T extends { readonly hash: string }>(
  images: readonly T[],
  split: Split,
  fraction: number = 0.1,
): T[] {
  if (split === "test") return [...images];
  if (images.length < 2) {
    throw new DataError(
      `Cannot split images as training and validation need at least 2: current value is ${images.length}`,
    );
  }
  const count = Math.min(Math.max(Math.round(images.length * fraction), 1), images.length - 1);
  const hashes = images.map(({ hash }) => hash).sort();
  const isValidation = ({ hash }: T) => hash <= hashes[count - 1];
  return images.filter((image) => isValidation(image) === (split === "val"));
}
