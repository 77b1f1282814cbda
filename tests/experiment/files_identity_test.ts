import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { InputOutputError } from "../../lib/core/mod.ts";
import { filesIdentity } from "../../lib/experiment/models/files_identity.ts";
import { inFolder } from "../core/folder.ts";

/** Writes bytes at a place of a file, which may be longer than what is written to it. */
async function write(path: string, bytes: Uint8Array, at = 0, size = at + bytes.length): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  await file.truncate(size);
  await file.seek(at, Deno.SeekMode.Start);
  await file.write(bytes);
}

Deno.test("filesIdentity() sees every byte of files up to 64 MiB, and not their names", async () => {
  await inFolder(async (folder) => {
    const [a, b] = ["a", "b"].map((name) => join(folder, name)), bytes = new Uint8Array(3 * 2 ** 20);
    await write(a, bytes);
    await write(b, bytes);
    assertEquals(await filesIdentity([a]), await filesIdentity([b]));
    await write(b, Uint8Array.of(1), bytes.length - 1);
    assert(await filesIdentity([a]) !== await filesIdentity([b]), "the last byte decides as well");
    await assertRejects(() => filesIdentity([join(folder, "none")]), InputOutputError, "none");
  });
});

Deno.test("filesIdentity() sees a tensor of 4 MiB that changed anywhere in a larger file", async () => {
  await inFolder(async (folder) => {
    const [a, b] = ["a", "b"].map((name) => join(folder, name)), size = 72 * 2 ** 20 + 5;
    await write(a, new Uint8Array(1), 0, size);
    await write(b, new Uint8Array(1), 0, size);
    const same = await filesIdentity([a]);
    assertEquals(await filesIdentity([b]), same);
    const tensor = new Uint8Array(4 * 2 ** 20).fill(1);
    for (const at of [2 ** 20 + 7, 30 * 2 ** 20 + 12345, size - tensor.length]) {
      await Deno.remove(b);
      await write(b, tensor, at, size);
      assert(await filesIdentity([b]) !== same, `changed at ${at}`);
    }
  });
});
