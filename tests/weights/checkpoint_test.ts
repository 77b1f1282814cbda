import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fluxForward, fluxShapes } from "../../lib/backbones/mod.ts";
import { DataError, disposeParams, hashParams, tensorScope } from "../../lib/core/mod.ts";
import { bfloat16Bits, isBfloat16, tf } from "../../lib/engine/mod.ts";
import {
  fluxLayout,
  hostSource,
  loadParams,
  matchParams,
  openCheckpoint,
  readSafetensors,
  type WritableTensor,
  writeSafetensors,
  writeSharded,
} from "../../lib/weights/mod.ts";
import { tinyConfig, withFlux } from "../backbones/flux_fixture.ts";
import { inFolder } from "../core/folder.ts";
import { close, goldenPath, newTensors, tensorTest } from "../support.ts";
import { encodeFile } from "./raw_file.ts";

// Golden: the weights of flux_tiny in the original layout, checked with the converter of diffusers 0.42.1.

const original = goldenPath("flux/flux_tiny_bfl.safetensors");

tensorTest("fluxLayout() reads the original layout, prefixed or not, as diffusers' weights", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const whole = scope.own((await readSafetensors(goldenPath("flux/flux_tiny.safetensors"))).tensors);
    const { tensors } = await readSafetensors(original);
    const prefixed = Object.entries(scope.own(tensors)).map((
      [name, tensor],
    ) => [`model.diffusion_model.${name}`, tensor]);
    await writeSafetensors(`${folder}/comfy.safetensors`, Object.fromEntries(prefixed));
    for (const path of [original, `${folder}/comfy.safetensors`, goldenPath("flux/sharded")]) {
      const read = scope.own((await readSafetensors(path, { layout: fluxLayout })).tensors);
      matchParams(read, fluxShapes(tinyConfig), path);
      assertEquals(await hashParams(read), await hashParams(whole), path);
    }
  });
});

tensorTest("fluxLayout() keeps names that it does not know, so that they are listed", async () => {
  await inFolder(async (folder) => {
    const zero = { dtype: "F32", shape: [2], bytes: 8 };
    const names = ["double_blocks.0.img_attn.extra.weight", "constructor.weight", "vae.x", "time_in.constructor.bias"];
    const path = await encodeFile(
      `${folder}/x.safetensors`,
      Object.fromEntries(["img_in.bias", ...names].map((name) => [name, zero])),
    );
    using source = await openCheckpoint(path, { layout: fluxLayout });
    assertEquals(Object.keys(source.tensors).sort(), [...names, "x_embedder.bias"].sort());
    const match = () => matchParams(source.tensors, fluxShapes(tinyConfig), path);
    for (const listed of ["4 unmatched: ", "vae.x", " missing: "]) assertThrows(match, DataError, listed);
    const twice = await encodeFile(`${folder}/y.safetensors`, { "img_in.bias": zero, "x_embedder.bias": zero });
    await assertRejects(
      () => openCheckpoint(twice, { layout: fluxLayout }),
      DataError,
      "x_embedder.bias must occur once",
    );
  });
});

tensorTest("a checkpoint of bfloat16 gives diffusers' output within bfloat16 rounding, held as bfloat16", async () => {
  await withFlux(["flux/flux_tiny_bf16_io"], async ({ inputs, files: [golden] }) => {
    using scope = tensorScope();
    const path = goldenPath("flux/flux_tiny_bf16.safetensors");
    const held = scope.own((await readSafetensors(path, { precision: "stored" })).tensors);
    const native = tf.getBackend() === "tensorflow";
    for (const [name, tensor] of Object.entries(held)) {
      assertEquals(isBfloat16(tensor), native && tensor.rank > 1, name);
    }
    const output = scope.own(tf.tidy(() => fluxForward(tinyConfig, held, inputs)));
    close(output, golden["out.sample"], { relative: native ? 2e-2 : 2e-4 });
  });
});

tensorTest("hostSource() and all precisions give the values of the file", async () => {
  using scope = tensorScope();
  const path = goldenPath("flux/flux_tiny_bf16.safetensors");
  const exact = scope.own((await readSafetensors(path)).tensors);
  using disk = await openCheckpoint(path, { precision: "stored" });
  using host = await hostSource(disk);
  const name = "proj_out.weight";
  for (const source of [disk, host]) close(scope.own(await loadParams(source, [name]))[name], exact[name], 0);
  const full = goldenPath("flux/flux_tiny.safetensors"), include = (other: string) => other === name;
  const [rounded, wide] = await Promise.all(
    (["bfloat16", "float32"] as const).map((precision) => readSafetensors(full, { precision, include })),
  );
  scope.own([rounded.tensors, wide.tensors]);
  close(rounded.tensors[name], exact[name], 0);
  close(wide.tensors[name], exact[name], { relative: 2 ** -8 });
});

tensorTest("bfloat16 weights are written as they are held", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const path = goldenPath("flux/flux_tiny_bf16.safetensors");
    const held = scope.own((await readSafetensors(path, { precision: "stored" })).tensors);
    await writeSafetensors(`${folder}/x.safetensors`, held);
    const again = scope.own((await readSafetensors(`${folder}/x.safetensors`, { precision: "stored" })).tensors);
    assertEquals(await hashParams(again), await hashParams(held));
    assertEquals(await newTensors(async () => disposeParams((await readSafetensors(path)).tensors)), 0);
  });
});

tensorTest("writeSharded() writes files that read as one checkpoint", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const values = Float32Array.from({ length: 12 }, (_, i) => i - 5);
    const tensor = (name: string, dtype: "F32" | "BF16", data: ArrayBufferView): WritableTensor => ({
      name,
      dtype,
      shape: [3, 4],
      bytes: () => [new Uint8Array(data.buffer, 0, 16), new Uint8Array(data.buffer, 16)],
    });
    const tensors = [tensor("a", "F32", values), tensor("b", "BF16", bfloat16Bits(values)), tensor("c", "F32", values)];
    const files = await writeSharded(folder, tensors, { shardBytes: 80 });
    assertEquals(files.map((file) => file.slice(folder.length + 1)), [
      "diffusion_pytorch_model-00001-of-00002.safetensors",
      "diffusion_pytorch_model-00002-of-00002.safetensors",
    ]);
    const read = scope.own((await readSafetensors(folder)).tensors);
    for (const name of ["a", "b", "c"]) {
      close(
        read[name],
        tf.tidy(() => scope.own(tf.keep(tf.tensor(values, [3, 4])))),
        0,
      );
    }
    await assertRejects(() => writeSharded(folder, [{ ...tensors[0], shape: [4, 4] }]), RangeError, "takes 64 bytes");
    await assertRejects(() => writeSharded(folder, [tensors[0], tensors[0]]), RangeError, "must be new");
  });
});
