/** File formats that are read. */
export type ImageFormat = "png" | "jpeg" | "webp" | "tiff";

/** First bytes in hexadecimal; a dot stands for any half byte. */
const SIGNATURES: readonly (readonly [ImageFormat, RegExp])[] = [
  ["png", /^89504e470d0a1a0a/],
  ["jpeg", /^ffd8ff/],
  ["webp", /^52494646.{8}57454250/],
  ["tiff", /^(49492[ab]00|4d4d002[ab])/],
];

/**
 * Recognise an image file by its first bytes; its name plays no part. SVG and everything else is none.
 *
 * @param bytes The file, or its first 12 bytes.
 * @returns The format, or null.
 */
export function imageFormat(bytes: Uint8Array): ImageFormat | null {
  const head = bytes.subarray(0, 12).toHex();
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0] ?? null;
}
