/**
 * About how much memory a network needs whose maps grow with the image, from measured peaks: the engine and the weights,
 * and what every pixel adds.
 *
 * @param fixed Megabytes that any image needs.
 * @param perPixel Bytes.
 * @returns Bytes by the sides of an image.
 */
export function mapMemory(fixed: number, perPixel: number): (width: number, height: number) => number {
  return (width, height) => fixed * 2 ** 20 + perPixel * width * height;
}
