/** One tensor of a file: its bytes, or how many zero bytes stand for them. */
export interface RawTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data?: ArrayBufferView;
  readonly bytes?: number;
}

/** Writes a safetensors file of any types, without the checks of the library; holes of zeros take no space. */
export async function encodeFile(path: string, tensors: Readonly<Record<string, RawTensor>>): Promise<string> {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data, bytes }]) => {
      const begin = end;
      end += data?.byteLength ?? bytes ?? 0;
      return [name, { dtype, shape, data_offsets: [begin, end] }];
    }),
  );
  const start = await writeRaw(path, JSON.stringify(header));
  using file = await Deno.open(path, { write: true });
  await file.truncate(start + end);
  for (const [name, { data }] of Object.entries(tensors)) {
    if (data === undefined) continue;
    await file.seek(start + header[name].data_offsets[0], Deno.SeekMode.Start);
    await file.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return path;
}

/** Writes a file of a header, whatever it says, and the data; returns where the data begins. */
export async function writeRaw(
  path: string,
  header: string,
  options: { readonly length?: bigint; readonly data?: Uint8Array } = {},
): Promise<number> {
  const json = new TextEncoder().encode(header), data = options.data ?? new Uint8Array();
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, options.length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  await Deno.writeFile(path, bytes);
  return 8 + json.length;
}
