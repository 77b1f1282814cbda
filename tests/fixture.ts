import { DTYPE_BYTES, HEADER_PREFIX, parseTensorHeader, tensorHeaderLength } from "../lib/core/mod.ts";

/** A stored array; every type of number is read as doubles. */
export interface FixtureArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const VIEWS = {
  F64: Float64Array,
  F32: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  U16: Uint16Array,
  U8: Uint8Array,
} as const;

/** Reads the arrays of a safetensors file of numbers made elsewhere; they keep the order of the file. */
export function readFixture(path: string): Map<string, FixtureArray> {
  const bytes = Deno.readFileSync(path);
  const start = HEADER_PREFIX + tensorHeaderLength(bytes, bytes.length, path);
  const { entries } = parseTensorHeader(bytes.subarray(HEADER_PREFIX, start), bytes.length - start, path);
  return new Map(Array.from(entries, ([name, { dtype, shape, begin, end }]) => {
    if (!(dtype in VIEWS)) throw new Error(`Cannot read ${name} as its type must be a known one: ${dtype}`);
    const { buffer } = bytes.slice(start + begin, start + end);
    const values = new VIEWS[dtype as keyof typeof VIEWS](buffer, 0, (end - begin) / DTYPE_BYTES[dtype]);
    return [name, { shape, data: Float64Array.from(values, Number) }];
  }));
}

/** Returns one array of a fixture; fails where it is missing. */
export function fixtureArray(fixture: Map<string, FixtureArray>, name: string): FixtureArray {
  const found = fixture.get(name);
  if (found === undefined) throw new Error(`Cannot find ${name} in the fixture: it has ${[...fixture.keys()]}`);
  return found;
}
