import { assert, assertEquals, assertRejects } from "@std/assert";
import { EngineError, InputOutputError, LockedError, lockFolder } from "../../lib/core/mod.ts";
import { hasPeers, peerEnvironment, peerRequirements } from "../../lib/cli/peers/environment.ts";
import { installPeers } from "../../lib/cli/peers/install.ts";
import { findPython } from "../../lib/cli/peers/python.ts";

async function inEmptyFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("peerRequirements() pins every package to one version", () => {
  const lines = peerRequirements().split("\n").filter((line) => line && !line.startsWith("#"));
  assert(lines.length > 0);
  assertEquals(lines.filter((line) => !/^[A-Za-z0-9_-]+==\d+(\.\d+)+$/.test(line)), []);
});

Deno.test("hasPeers() is false until everything is installed", async () => {
  await inEmptyFolder(async (folder) => {
    const environment = peerEnvironment(folder);
    assertEquals(hasPeers(environment), false);
    await Deno.mkdir(`${environment.python}/..`, { recursive: true });
    await Deno.writeTextFile(environment.python, "");
    assertEquals(hasPeers(environment), false, "an installation was cut short");
    await Deno.writeTextFile(environment.marker, peerRequirements() + "other==1.0\n");
    assertEquals(hasPeers(environment), false, "the requirements have changed");
    await Deno.writeTextFile(environment.marker, peerRequirements());
    assertEquals(hasPeers(environment), true);
  });
});

Deno.test("installPeers() says in one line what is missing", async () => {
  await inEmptyFolder(async (folder) => {
    const environment = peerEnvironment(folder);
    await assertRejects(
      () => installPeers({ environment, pythons: ["no-such-python"], gigabytes: 0 }),
      EngineError,
      "need Python 3.11 or newer: current value is none found as no-such-python",
    );
    await assertRejects(() => installPeers({ environment, gigabytes: 1e6 }), InputOutputError, "1000000 GB of disk");
    using _held = await lockFolder(folder);
    await assertRejects(() => installPeers({ environment }), LockedError);
    assertEquals(hasPeers(environment), false);
  });
});

Deno.test({
  name: "findPython() passes by a Python that is too old, and tells one without venv",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await inEmptyFolder(async (folder) => {
      const stub = async (name: string, line: string) => {
        const path = `${folder}/${name}`;
        await Deno.writeTextFile(path, `#!/bin/sh\necho "${line}"\n`, { mode: 0o755 });
        return path;
      };
      const old = await stub("old", "3 9 True True"), good = await stub("good", "3 13 True True");
      assertEquals(await findPython([old, good]), good);
      await assertRejects(() => findPython([old]), EngineError, "current value is 3.9");
      const bare = await stub("bare", "3 12 True False");
      await assertRejects(() => findPython([bare]), EngineError, "must have its venv module");
    });
  },
});
