import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { InputOutputError, isFolderLocked, LockedError, lockFolder } from "../../lib/core/mod.ts";
import { inFolder } from "./folder.ts";

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
    const path = join(folder, "holder.ts");
    await Deno.writeTextFile(path, script);
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--config",
        config,
        "--allow-read",
        "--allow-write",
        "--allow-env",
        "--allow-sys",
        path,
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    await child.stdout.getReader().read();
    await assertRejects(() => lockFolder(folder), LockedError, "no other run may use it");
    child.kill("SIGKILL");
    await child.status;
    (await lockFolder(folder))[Symbol.dispose]();
  }));

/** For scripts in a temporary folder, which import from here. */
const config = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("lockFolder() throws where no folder can be", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "x");
    await assertRejects(() => lockFolder(join(folder, "file")), InputOutputError, "Cannot lock");
  }));
