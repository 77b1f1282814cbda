import { assertEquals, assertThrows } from "@std/assert";
import { DataError, decodeTensors, encodeTensorHeader, encodeTensors, type HostTensor } from "../../lib/core/mod.ts";

const tensors: Record<string, HostTensor> = {
  "b.weight": { shape: [2, 2], data: Float32Array.of(1, -0, NaN, 3e38) },
  a: { shape: [], data: Int32Array.of(-7) },
  empty: { shape: [0, 3], data: new Float32Array(0) },
  __proto__x: { shape: [1], data: Float32Array.of(2) },
};

/** A file with any header, true or not. */
function file(header: unknown, data = 4, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function entry(shape: unknown, from: unknown, to: unknown, dtype: unknown = "F32"): unknown {
  return { dtype, shape, data_offsets: [from, to] };
}

Deno.test("decodeTensors() gives back what encodeTensors() was given, bit for bit", () => {
  const bytes = encodeTensors(tensors, { step: "3" });
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  for (const given of [bytes, shifted.subarray(1)]) { // a view that is not aligned, too
    const decoded = decodeTensors(given);
    assertEquals(decoded.metadata, { step: "3" });
    assertEquals(Object.keys(decoded.tensors).sort(), Object.keys(tensors).sort());
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      assertEquals(decoded.tensors[name], { shape: [...shape], data });
    }
  }
});

Deno.test("encodeTensors() gives the same bytes whatever the order of the names", () => {
  const reversed = Object.fromEntries(Object.entries(tensors).reverse());
  assertEquals(encodeTensors(tensors), encodeTensors(reversed));
});

Deno.test("encodeTensors() writes what the safetensors library writes", () => {
  // safetensors 0.8.0 (Python): save({"x": float32 [[1, 2]]}, metadata={"format": "pt"})
  const header = '{"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}} ';
  const expected = Uint8Array.of(
    88,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...new TextEncoder().encode(header),
    0,
    0,
    128,
    63,
    0,
    0,
    0,
    64,
  );
  assertEquals(encodeTensors({ x: { shape: [1, 2], data: Float32Array.of(1, 2) } }, { format: "pt" }), expected);
});

Deno.test("encodeTensors() throws on data that do not fit and on reserved names", () => {
  const data = Float32Array.of(1, 2);
  assertThrows(() => encodeTensors({ x: { shape: [3], data } }), RangeError, "[3] holds 3 values: current value is 2");
  assertThrows(() => encodeTensors({ "": { shape: [2], data } }), RangeError, "new and not reserved");
  assertThrows(() => encodeTensors({ __metadata__: { shape: [2], data } }), RangeError, "new and not reserved");
  const twice = { name: "x", dtype: "F32", shape: [1] } as const;
  assertThrows(() => encodeTensorHeader([twice, twice]), RangeError, "new and not reserved");
});

const hostile: [string, Uint8Array, string][] = [
  ["an empty file", new Uint8Array(0), "begins with 8 bytes: current value is 0 bytes"],
  ["a header longer than the file", file("{}", 0, 3n), "must end within its 10 bytes"],
  ["a header of 2^63 bytes", file("{}", 0, 2n ** 63n), "at most 100000000 bytes"],
  ["a header that is no JSON", file("{oops", 0), "must be JSON"],
  ["a header that is no UTF-8", Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFE), "must be JSON in UTF-8"],
  ["a list as header", file([], 0), "must be a JSON object"],
  ["metadata that are no texts", file({ __metadata__: { a: 1 } }, 0), "must map names to texts"],
  ["an unknown type", file({ x: entry([1], 0, 4, "F99") }), "one of the types"],
  ["a type by an inherited name", file({ x: entry([1], 0, 4, "toString") }), "one of the types"],
  ["a type that cannot be decoded", file({ x: entry([1], 0, 8, "F64") }, 8), "must be F32, I32 or BF16"],
  ["a negative length", file({ x: entry([-1], 0, 4) }), "shape of whole numbers"],
  ["a length that is no number", file({ x: entry(["1"], 0, 4) }), "shape of whole numbers"],
  ["a shape that overflows", file({ x: entry([2 ** 40, 2 ** 40], 0, 4) }), "must span"],
  ["offsets backwards", file({ x: entry([1], 4, 0) }), "first and a last offset"],
  ["a span that does not fit its shape", file({ x: entry([2], 0, 4) }), "must span 8 bytes: current value is 4 bytes"],
  ["a gap", file({ x: entry([1], 4, 8) }, 8), "must begin at byte 0"],
  ["an overlap", file({ x: entry([2], 0, 8), y: entry([2], 4, 12) }, 12), "tensor y must begin at byte 8"],
  ["bytes that no tensor covers", file({ x: entry([1], 0, 4) }, 8), "cover its 8 bytes of data"],
  ["data that are cut off", file({ x: entry([2], 0, 8) }, 4), "cover its 4 bytes of data"],
  ["an entry that is no record", file({ x: null }), "one of the types"],
  [
    "a name twice",
    file(`{"x":${JSON.stringify(entry([1], 0, 4))},"\\u0078":{}}`),
    'no name may occur twice in its header: current value is "x"',
  ],
  ["a field twice", file('{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}'), '"dtype"'],
];

for (const [what, bytes, message] of hostile) {
  Deno.test(`decodeTensors() refuses ${what}`, () => {
    assertThrows(() => decodeTensors(bytes, "w.safetensors"), DataError, message);
    assertThrows(() => decodeTensors(bytes, "w.safetensors"), DataError, "Cannot read w.safetensors as");
  });
}
