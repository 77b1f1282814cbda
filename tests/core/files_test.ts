import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import {
  canonicalJson,
  checkRunId,
  containedPath,
  contentHash,
  DataError,
  findFile,
  InputOutputError,
  inputOutputError,
  readBytes,
  readJson,
  sha256Hex,
  UsageError,
  writeAtomic,
  writeJson,
} from "../../lib/core/mod.ts";
import { inFolder } from "./folder.ts";
import { config, startScript } from "./script.ts";

const names = (folder: string): string[] => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

Deno.test("writeAtomic() replaces a file, makes its folder and leaves nothing else", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a", "b.txt");
    await writeAtomic(path, "first");
    await writeAtomic(path, new TextEncoder().encode("second"));
    assertEquals(new TextDecoder().decode(await readBytes(path)), "second");
    assertEquals(names(join(folder, "a")), ["b.txt"]);
  }));

Deno.test("writeAtomic() throws where it cannot write and leaves nothing behind", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "taken"));
    await assertRejects(() => writeAtomic(join(folder, "taken"), "x"), InputOutputError, "Cannot write");
    await Deno.writeTextFile(join(folder, "file"), "x");
    await assertRejects(() => writeAtomic(join(folder, "file", "b"), "x"), InputOutputError, "Cannot write");
    assertEquals(names(folder), ["file", "taken"]);
  }));

Deno.test("writeAtomic() survives kill -9 at any moment: the file is old or new, never between", () =>
  inFolder(async (folder) => {
    const path = join(folder, "state"), size = 1 << 20;
    const script = `import { writeAtomic } from ${JSON.stringify(import.meta.resolve("../../lib/core/files.ts"))};
      for (let i = 0;; i++) {
        await writeAtomic(${JSON.stringify(path)}, new Uint8Array(${size}).fill(i));
        if (i === 0) console.log("ready");
      }`;
    for (const afterMs of [3, 17, 40]) {
      const child = await startScript(folder, script);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill("SIGKILL");
      await child.status;
      const bytes = await readBytes(path);
      assertEquals(bytes.length, size);
      assert(bytes.every((byte) => byte === bytes[0]));
    }
  }));

Deno.test({
  name: "inputOutputError() names a full disk",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const script = `import { inputOutputError } from ${JSON.stringify(import.meta.resolve("../../lib/core/files.ts"))};
      const error = await Deno.writeTextFile("/dev/full", "x").catch((thrown) => thrown);
      const { name, message, exitCode } = inputOutputError("write", "state", error);
      console.log(JSON.stringify([name, message, exitCode]));`;
    const args = ["eval", "--no-check", "--config", config, script]; // eval may open devices
    const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    const message = "Cannot write state as the disk must have space left: current value is ENOSPC";
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), ["InputOutputError", message, 74]);
  },
});

Deno.test("inputOutputError() leaves other errors as they are", () => {
  const error = new TypeError("a defect");
  assert(inputOutputError("write", "x", error) === error);
});

Deno.test("readJson() reads what writeJson() wrote, byte for byte the same for equal values", () =>
  inFolder(async (folder) => {
    const [a, b] = ["a.json", "b.json"].map((name) => join(folder, name));
    await writeJson(a, { z: 1, a: [{ y: null, x: "é" }], gone: undefined });
    await writeJson(b, { a: [{ x: "é", y: null }], z: 1 });
    assertEquals(await readJson(a), { a: [{ x: "é", y: null }], z: 1 });
    assertEquals(await readBytes(a), await readBytes(b));
  }));

Deno.test("readJson() throws on a missing file and on what is no JSON", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.json");
    await assertRejects(() => readJson(path), InputOutputError, "the path must exist: current value is no such file");
    await writeAtomic(path, '{"half": ');
    await assertRejects(() => readJson(path), DataError, "it must be JSON");
  }));

Deno.test("canonicalJson() sorts keys and refuses what JSON has not", () => {
  assertEquals(canonicalJson({ b: [1, { d: 2, c: "x" }], a: -0 }), '{"a":0,"b":[1,{"c":"x","d":2}]}');
  for (const value of [NaN, Infinity, () => 1, [undefined], new Date(0), 1n]) {
    assertThrows(() => canonicalJson({ value }), TypeError, "Cannot write value.value");
  }
});

Deno.test("contentHash() and sha256Hex() are SHA-256", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-2, appendix B.1
  assertEquals(sha256Hex("abc"), abc);
  assertEquals(sha256Hex(new TextEncoder().encode("abc")), abc);
  assertEquals(contentHash({ a: 1, b: 2 }), contentHash({ b: 2, a: 1 }));
  assertEquals(contentHash({ a: 1 }), sha256Hex('{"a":1}'));
});

Deno.test("containedPath() follows links and refuses what lies outside", () =>
  inFolder(async (folder) => {
    const root = join(folder, "runs"), outside = join(folder, "outside");
    for (const path of [root, outside]) await Deno.mkdir(path);
    await Deno.symlink(outside, join(root, "link"));
    await Deno.symlink(join(outside, "missing"), join(root, "dangling"));
    await Deno.symlink(join(root, "loop"), join(root, "loop"));
    const real = await Deno.realPath(root);
    assertEquals(await containedPath(root, "new/deep"), join(real, "new", "deep"));
    assertEquals(await containedPath(root, root), real);
    assertEquals(await containedPath(root, "..a"), join(real, "..a"));
    for (const path of ["..", "../outside", "link", "link/x", "dangling", outside, "a/../../outside"]) {
      await assertRejects(() => containedPath(root, path), UsageError, "must lie in");
    }
    await assertRejects(() => containedPath(root, "loop"), InputOutputError, "Cannot open");
    await assertRejects(() => containedPath(join(folder, "none"), "x"), InputOutputError, "must exist");
  }));

Deno.test("checkRunId() takes plain names only", () => {
  assertEquals(checkRunId("table3.s1_5-0"), "table3.s1_5-0");
  for (const id of ["", ".", "..", "a/b", "A", "a b", "é"]) {
    assertThrows(() => checkRunId(id), UsageError, "its id must");
  }
});

Deno.test("findFile() finds a file in a folder or one inside, and refuses to choose", () =>
  inFolder(async (folder) => {
    for (const path of ["a/x", "b/c/y", "a/twice", "b/twice", "b/own", "own", ".hidden/z"]) {
      await writeAtomic(join(folder, path), "");
    }
    const found = ["x", "y", "own", "z", "none"].map((name) => findFile(folder, name));
    assertEquals(found, [join(folder, "a/x"), join(folder, "b/c/y"), join(folder, "own"), undefined, undefined]);
    assertThrows(() => findFile(folder, "twice"), DataError, "must be there once");
    assertEquals(findFile(join(folder, "absent"), "x"), undefined);
  }));
