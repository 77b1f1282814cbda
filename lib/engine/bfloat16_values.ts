/**
 * Widen bfloat16 to float32, of which it is the upper half, without loss.
 *
 * @param bits One value each.
 * @returns The same values.
 */
export function bfloat16Values(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i] << 16;
  return new Float32Array(wide.buffer);
}

/**
 * Round float32 to bfloat16, ties to even, as PyTorch does.
 *
 * @param values Any numbers; NaN stays NaN.
 * @returns The bits of one value each.
 */
export function bfloat16Bits(values: Float32Array): Uint16Array<ArrayBuffer> {
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(wide.length);
  for (let i = 0; i < wide.length; i++) {
    const value = wide[i];
    const notANumber = (value & 0x7FFFFFFF) > 0x7F800000;
    bits[i] = notANumber ? value >>> 16 | 0x40 : (value + 0x7FFF + (value >>> 16 & 1)) >>> 16;
  }
  return bits;
}
