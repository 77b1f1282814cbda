import { assertRejects } from "@std/assert";
import { DataError, InputOutputError } from "../../lib/core/mod.ts";
import { openSafetensors, readSafetensors } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { encodeFile, writeRaw } from "./raw_file.ts";

const one = (fields: object) => JSON.stringify({ x: { dtype: "F32", shape: [1], data_offsets: [0, 4], ...fields } });
const FOUR = { data: new Uint8Array(4) };

/** Header, options and what the error says. */
const hostile: Record<string, [header: string, options: { length?: bigint; data?: Uint8Array }, message: string]> = {
  "a header longer than the file": ["{}", { length: 2n ** 20n }, "must end within its 10 bytes"],
  "a header of 2^63 bytes": ["{}", { length: 2n ** 63n }, "at most 100000000 bytes"],
  "a header that is not JSON": ["{x", {}, "must be JSON in UTF-8"],
  "a header that is a list": ["[]", {}, "must be a JSON object"],
  "a name that occurs twice": [`{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"x":1}`, {}, "twice"],
  "an unknown type": [one({ dtype: "F128" }), FOUR, "current value is F128"],
  "a negative length": [one({ shape: [-1] }), FOUR, "shape of whole numbers"],
  "a shape beyond its span": [one({ shape: [2] }), FOUR, "must span 8 bytes"],
  "a product of lengths beyond 2^53": [one({ shape: [2 ** 52, 2 ** 52] }), FOUR, "must span"],
  "offsets beyond the file": [one({ shape: [2], data_offsets: [0, 8] }), FOUR, "must cover its 4 bytes of data"],
  "offsets in reverse": [one({ data_offsets: [4, 0] }), FOUR, "first and a last offset"],
  "data that no tensor covers": ["{}", FOUR, "must cover its 4 bytes of data"],
  "a gap before a tensor": [one({ data_offsets: [4, 8] }), { data: new Uint8Array(8) }, "must begin at byte 0"],
  "tensors that overlap": [
    `{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}`,
    FOUR,
    "tensor b must begin at byte 3",
  ],
  "an offset that is no whole number": [one({ data_offsets: [0.5, 4.5] }), FOUR, "first and a last offset"],
  "an offset that is text": [one({ data_offsets: ["0", "4"] }), FOUR, "first and a last offset"],
  "three offsets": [one({ data_offsets: [0, 2, 4] }), FOUR, "first and a last offset"],
  "a shape that is a number": [one({ shape: 1 }), FOUR, "shape of whole numbers"],
  "a tensor that is null": [`{"x":null}`, FOUR, "must have one of the types"],
  "a type named like a property of every object": [one({ dtype: "constructor" }), FOUR, "current value is constructor"],
  "text behind its header": [`${one({})} {}`, FOUR, "must be JSON in UTF-8"],
  "metadata that is a list": [`{"__metadata__":["a"]}`, {}, "must map names to texts"],
  "metadata that is not text": [`{"__metadata__":{"a":1}}`, {}, "must map names to texts"],
};

for (const [what, [header, options, message]] of Object.entries(hostile)) {
  Deno.test(`openSafetensors() refuses ${what}`, async () => {
    await inFolder(async (folder) => {
      await writeRaw(`${folder}/x.safetensors`, header, options);
      await assertRejects(() => openSafetensors(`${folder}/x.safetensors`), DataError, message);
    });
  });
}

Deno.test("openSafetensors() refuses an empty file, a short one and a folder", async () => {
  await inFolder(async (folder) => {
    for (const length of [0, 7]) {
      await Deno.writeFile(`${folder}/x.safetensors`, new Uint8Array(length));
      await assertRejects(
        () => openSafetensors(`${folder}/x.safetensors`),
        DataError,
        `current value is ${length} bytes`,
      );
    }
    await assertRejects(() => openSafetensors(folder), InputOutputError, "it must be a file, not a folder");
  });
});

Deno.test("openSafetensors() refuses a file that was cut", async () => {
  await inFolder(async (folder) => {
    const path = await encodeFile(`${folder}/x.safetensors`, { x: { dtype: "F32", shape: [4], bytes: 16 } });
    await Deno.truncate(path, (await Deno.stat(path)).size - 1);
    await assertRejects(() => openSafetensors(path), DataError, "must cover its 15 bytes of data");
  });
});

/** Writes a sharded checkpoint of two files and an index. */
async function shards(folder: string, map: Record<string, unknown>): Promise<string> {
  for (const name of ["a", "b"]) {
    await encodeFile(`${folder}/${name}.safetensors`, { [name]: { dtype: "F32", shape: [1], bytes: 4 } });
  }
  await Deno.writeTextFile(`${folder}/m.safetensors.index.json`, JSON.stringify({ weight_map: map }));
  return `${folder}/m.safetensors.index.json`;
}

const indices: Record<string, [map: Record<string, unknown>, message: string]> = {
  "a tensor that its shard lacks": [
    { a: "a.safetensors", b: "b.safetensors", c: "b.safetensors" },
    "current value is c",
  ],
  "a shard with another tensor": [{ a: "a.safetensors", c: "b.safetensors" }, "current value is c"],
  "a shard in another folder": [{ a: "../a.safetensors" }, "beside it"],
  "an absolute shard": [{ a: "/a.safetensors" }, "beside it"],
  "a shard that is no file name": [{ a: 1 }, "beside it"],
  "an empty index": [{}, "weight_map"],
};

for (const [what, [map, message]] of Object.entries(indices)) {
  Deno.test(`readSafetensors() refuses an index with ${what}`, async () => {
    await inFolder(async (folder) => {
      const index = await shards(folder, map);
      await assertRejects(() => readSafetensors(index), DataError, message);
    });
  });
}

Deno.test("readSafetensors() refuses an index that is not JSON, and a shard that was cut", async () => {
  await inFolder(async (folder) => {
    const index = await shards(folder, { a: "a.safetensors", b: "b.safetensors" });
    await Deno.truncate(`${folder}/b.safetensors`, (await Deno.stat(`${folder}/b.safetensors`)).size - 1);
    await assertRejects(() => readSafetensors(index), DataError, "b.safetensors as its tensors must cover its 3 bytes");
    await Deno.writeTextFile(index, "{");
    await assertRejects(() => readSafetensors(index), DataError, "must be JSON");
  });
});

Deno.test("readSafetensors() refuses an index whose shard is missing", async () => {
  await inFolder(async (folder) => {
    const index = await shards(folder, { d: "d.safetensors" });
    await assertRejects(() => readSafetensors(index), DataError, "current value is 1 missing: d.safetensors");
  });
});
