const encoder = new TextEncoder();
const names = new Map<string, Uint8Array<ArrayBuffer>>();

/** Returns `text` as NUL-terminated UTF-8, kept for the life of the process: for the few names of operations and attributes. */
export function cName(text: string): Uint8Array<ArrayBuffer> {
  let bytes = names.get(text);
  if (bytes === undefined) {
    bytes = cText(text);
    names.set(text, bytes);
  }
  return bytes;
}

/** Returns `text` as NUL-terminated UTF-8. */
export function cText(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text + "\0");
}

/** Returns the text at `pointer`, or "" for a null pointer. */
export function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** Returns integers as the bytes of an int64 array, the C API's form for shapes and integer lists. */
export function int64Bytes(values: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))).buffer);
}
