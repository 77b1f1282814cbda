import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { InputOutputError, isFolderLocked, LockedError, lockFolder } from "../../lib/core/mod.ts";
import { inFolder } from "./folder.ts";
import { startScript } from "./script.ts";

Deno.test("lockFolder() holds a folder until disposed", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    assertEquals(await isFolderLocked(run), false);
    {
      using _held = await lockFolder(run);
      assertEquals(await isFolderLocked(run), true);
      await assertRejects(() => lockFolder(run), LockedError, `Cannot lock ${run}`);
    }
    assertEquals(await isFolderLocked(run), false);
    (await lockFolder(run))[Symbol.dispose]();
  }));

Deno.test("lockFolder() is freed by the system when its process is killed", () =>
  inFolder(async (folder) => {
    const script = `import { lockFolder } from ${JSON.stringify(import.meta.resolve("../../lib/core/lock.ts"))};
      await lockFolder(${JSON.stringify(folder)});
      console.log("held");
      setInterval(() => {}, 1000);`;
    const child = await startScript(folder, script);
    await assertRejects(() => lockFolder(folder), LockedError, "no other run may use it");
    child.kill("SIGKILL");
    await child.status;
    (await lockFolder(folder))[Symbol.dispose]();
  }));

Deno.test("isFolderLocked() may be asked by several at once", () =>
  inFolder(async (folder) => {
    (await lockFolder(folder))[Symbol.dispose]();
    using other = await Deno.open(join(folder, "lock"));
    await other.lock(false);
    assertEquals(await isFolderLocked(folder), false);
  }));

Deno.test("lockFolder() throws where no folder can be", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "x");
    await assertRejects(() => lockFolder(join(folder, "file")), InputOutputError, "Cannot lock");
  }));
