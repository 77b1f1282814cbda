/**
 * About how much memory something needs that grows with the image, from measured peaks: what any image takes, such as the
 * engine and the weights of a network, and what every pixel adds.
 *
 * @param fixed Megabytes that any image needs.
 * @param perPixel Bytes.
 * @returns Bytes by the sides of an image.
 */
export function mapMemory(fixed: number, perPixel: number): (width: number, height: number) => number {
  return (width, height) => fixed * 2 ** 20 + perPixel * width * height;
}
