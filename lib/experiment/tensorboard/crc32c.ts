/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82F63B78;
/** What TFRecord files add to a rotated checksum, so that the checksum of a checksum is no checksum. */
const MASK = 0xA282EAD8;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  return remainder;
});

/** Compute the CRC-32C of bytes (RFC 3720, B.4), an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xFFFFFFFF;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xFF];
  return (crc ^ 0xFFFFFFFF) >>> 0;
}

/** Compute the checksum that TFRecord files store: the CRC-32C, rotated right by 15 bits, plus a constant. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}
