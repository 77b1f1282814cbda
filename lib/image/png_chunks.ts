import { crc32 } from "node:zlib";

/** A piece of a PNG file. */
export interface PngChunk {
  /** Four letters, such as `iCCP`. */
  readonly type: string;
  /** Its content. */
  readonly data: Uint8Array;
}

/** Signature, and the first chunk: its length, type, 13 bytes and checksum. */
const SIGNATURE = 8, HEADER = SIGNATURE + 25;

/**
 * Put chunks right behind the header of a PNG file, where those belong that must stand before the pixels.
 *
 * @returns A new file.
 */
export function insertChunks(png: Uint8Array, chunks: readonly PngChunk[]): Uint8Array {
  const encoded = chunks.map(encodeChunk);
  const file = new Uint8Array(png.length + encoded.reduce((sum, { length }) => sum + length, 0));
  file.set(png.subarray(0, HEADER));
  let at = HEADER;
  for (const bytes of encoded) {
    file.set(bytes, at);
    at += bytes.length;
  }
  file.set(png.subarray(HEADER), at);
  return file;
}

/** Make a chunk of text in UTF-8, not compressed. The keyword is of ASCII, without spaces at its ends. */
export function textChunk(keyword: string, text: string): PngChunk {
  // keyword, 0, not compressed (0, 0), no language (0), no translated keyword (0)
  return { type: "iTXt", data: new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`) };
}

/**
 * Find a text in the first bytes of a PNG file.
 *
 * @param head The file, or as much of its beginning as holds the chunks before the pixels.
 * @returns The text, or null where there is none, or the bytes are no PNG.
 */
export function readText(head: Uint8Array, keyword: string): string | null {
  const start = new TextEncoder().encode(`${keyword}\0\0\0\0\0`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = SIGNATURE; at + 8 <= head.length;) {
    const length = view.getUint32(at), type = new TextDecoder("latin1").decode(head.subarray(at + 4, at + 8));
    const data = head.subarray(at + 8, at + 8 + length);
    if (type === "IDAT" || data.length < length) return null;
    if (type === "iTXt" && start.every((byte, i) => data[i] === byte)) {
      return new TextDecoder().decode(data.subarray(start.length));
    }
    at += length + 12;
  }
  return null;
}

function encodeChunk({ type, data }: PngChunk): Uint8Array {
  const bytes = new Uint8Array(data.length + 12), view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}
