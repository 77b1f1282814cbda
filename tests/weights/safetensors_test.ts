import { assertEquals, assertRejects } from "@std/assert";
import { DataError, InputOutputError, normalTensor, type Params, rng, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { openSafetensors, readSafetensors, writeSafetensors } from "../../lib/weights/mod.ts";
import { close, goldenPath, newTensors, tensorTest } from "../support.ts";
import { inFolder } from "../core/folder.ts";
import { encodeFile } from "./raw_file.ts";

tensorTest("readSafetensors() reads what writeSafetensors() wrote, byte for byte", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const params: Params = scope.own({
      "b.weight": normalTensor<tf.Rank.R2>(rng(1, "file"), [3, 4]),
      "a.bias": tf.tensor1d([-0, NaN, Infinity, 1e-40]),
      count: tf.scalar(-7, "int32"),
      empty: tf.zeros([0, 4]),
    });
    await writeSafetensors(`${folder}/x.safetensors`, params, { note: "häh" });
    const { tensors, metadata } = await readSafetensors(`${folder}/x.safetensors`);
    scope.own(tensors);
    assertEquals(metadata, { note: "häh" });
    assertEquals(Object.keys(tensors).sort(), Object.keys(params).sort());
    for (const [name, tensor] of Object.entries(tensors)) {
      assertEquals([tensor.shape, tensor.dtype], [params[name].shape, params[name].dtype]);
      assertEquals(tensor.dataSync(), params[name].dataSync(), name);
    }
    await writeSafetensors(`${folder}/y.safetensors`, tensors, metadata);
    assertEquals(await Deno.readFile(`${folder}/y.safetensors`), await Deno.readFile(`${folder}/x.safetensors`));
  });
});

tensorTest("readSafetensors() reads a tensor of any name", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const names = ["__proto__", "constructor", "0", " "];
    const one = { dtype: "F32", shape: [1], data: Float32Array.of(1) };
    const path = await encodeFile(`${folder}/x.safetensors`, Object.fromEntries(names.map((name) => [name, one])));
    const { tensors } = await readSafetensors(path);
    assertEquals(Object.keys(scope.own(tensors)).sort(), names.toSorted());
  });
});

tensorTest("readSafetensors() reads only the names asked for", async () => {
  using scope = tensorScope();
  const { tensors } = await readSafetensors(goldenPath("flux/flux_tiny.safetensors"), {
    include: (name) => name.startsWith("proj_out."),
  });
  assertEquals(Object.keys(scope.own(tensors)).sort(), ["proj_out.bias", "proj_out.weight"]);
});

tensorTest("readSafetensors() reads every supported type", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const path = await encodeFile(`${folder}/types.safetensors`, {
      half: { dtype: "F16", shape: [5], data: Uint16Array.of(0x3C00, 0xC000, 0x0001, 0x7BFF, 0xFC00) },
      brain: { dtype: "BF16", shape: [3], data: Uint16Array.of(0x3F80, 0xC049, 0x0080) },
      long: { dtype: "I64", shape: [2], data: BigInt64Array.of(-5n, 2147483647n) },
      byte: { dtype: "U8", shape: [2], data: Uint8Array.of(0, 255) },
      flag: { dtype: "BOOL", shape: [2], data: Uint8Array.of(1, 0) },
      whole: { dtype: "I32", shape: [1], data: Int32Array.of(-2147483648) },
    });
    const { tensors } = await readSafetensors(path);
    scope.own(tensors);
    const values = (name: string) => [tensors[name].dtype, ...tensors[name].dataSync()];
    assertEquals(values("half"), ["float32", 1, -2, 2 ** -24, 65504, -Infinity]);
    assertEquals(values("brain"), ["float32", 1, -3.140625, 2 ** -126]);
    assertEquals(values("long"), ["int32", -5, 2147483647]);
    assertEquals(values("byte"), ["int32", 0, 255]);
    assertEquals(values("flag"), ["bool", 1, 0]);
    assertEquals(values("whole"), ["int32", -2147483648]);
  });
});

tensorTest("readSafetensors() reads the shards of a folder or an index as one checkpoint", async () => {
  using scope = tensorScope();
  const whole = scope.own((await readSafetensors(goldenPath("flux/flux_tiny.safetensors"))).tensors);
  for (const path of ["flux/sharded", "flux/sharded/diffusion_pytorch_model.safetensors.index.json"]) {
    const parts = scope.own((await readSafetensors(goldenPath(path))).tensors);
    assertEquals(Object.keys(parts).sort(), Object.keys(whole).sort());
    for (const [name, tensor] of Object.entries(parts)) close(tensor, whole[name], 0);
  }
});

Deno.test("openSafetensors() reads a range of a file larger than what it holds in memory", async () => {
  await inFolder(async (folder) => {
    // A sparse file of 6 GB: two tensors of 3 GB, whose last bytes alone are read through a small one behind them.
    const path = `${folder}/large.safetensors`, size = 3 * 2 ** 30;
    await encodeFile(path, {
      first: { dtype: "F32", shape: [size / 4], bytes: size },
      second: { dtype: "F32", shape: [size / 4], bytes: size },
      last: { dtype: "F32", shape: [1], data: Float32Array.of(42) },
    });
    using file = await openSafetensors(path);
    assertEquals(file.entries.get("second")?.end, 2 * size);
    const last = new Float32Array(1);
    await file.read("last", new Uint8Array(last.buffer));
    assertEquals(last, Float32Array.of(42));
  });
});

tensorTest("readSafetensors() takes a folder's weights and leaves the variants beside them", async () => {
  await inFolder(async (folder) => {
    const write = (name: string, value: number) =>
      encodeFile(`${folder}/${name}`, { x: { dtype: "F32", shape: [1], data: Float32Array.of(value) } });
    const read = async () => {
      const { tensors } = await readSafetensors(folder);
      const [value] = tensors.x.dataSync();
      tensors.x.dispose();
      return value;
    };
    await write("model.fp16.safetensors", 1);
    assertEquals(await read(), 1); // alone it is what there is
    await write("model.safetensors", 2);
    await write("model.non_ema.safetensors", 3);
    assertEquals(await read(), 2);
    await write("other.safetensors", 4);
    await assertRejects(read, DataError, "current value is model.safetensors, other.safetensors");
  });
});

tensorTest("readSafetensors() leaves nothing behind when a tensor cannot be read", async () => {
  await inFolder(async (folder) => {
    const path = await encodeFile(`${folder}/x.safetensors`, {
      a: { dtype: "F32", shape: [1], data: Float32Array.of(1) },
      b: { dtype: "F64", shape: [1], data: Float64Array.of(1) },
    });
    const refused = () => assertRejects(() => readSafetensors(path), DataError, "tensor b of");
    assertEquals(await newTensors(refused), 0);
  });
});

Deno.test("readSafetensors() says in one line what it cannot read", async () => {
  await inFolder(async (folder) => {
    await assertRejects(() => readSafetensors(`${folder}/none.safetensors`), InputOutputError, "the path must exist");
    await assertRejects(() => readSafetensors(folder), DataError, "must hold one index or one safetensors file");
    const long = { long: { dtype: "I64", shape: [1], data: BigInt64Array.of(2n ** 31n) } };
    const path = await encodeFile(`${folder}/long.safetensors`, long);
    await assertRejects(() => readSafetensors(path), DataError, "must fit into 32 bits: current value is 2147483648");
  });
});
