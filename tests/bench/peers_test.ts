import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname } from "node:path";
import { EngineError, InputOutputError, LockedError, lockFolder } from "../../lib/core/mod.ts";
import { hasPeers, peerEnvironment } from "../../lib/cli/peers/environment.ts";
import { installPeers } from "../../lib/cli/peers/install.ts";

async function inEmptyFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const requirements = Deno.readTextFileSync(peerEnvironment().requirements);

Deno.test("the peers' requirements pin every package to one version", () => {
  const lines = requirements.split("\n").filter((line) => line && !line.startsWith("#"));
  assert(lines.length > 0);
  assertEquals(lines.filter((line) => !/^[A-Za-z0-9_-]+==\d+(\.\d+)+$/.test(line)), []);
});

Deno.test("hasPeers() is false until everything is installed", async () => {
  await inEmptyFolder(async (folder) => {
    const environment = peerEnvironment(folder);
    assertEquals(hasPeers(environment), false);
    await Deno.mkdir(dirname(environment.python), { recursive: true });
    await Deno.writeTextFile(environment.python, "");
    assertEquals(hasPeers(environment), false, "an installation was cut short");
    await Deno.writeTextFile(environment.marker, requirements + "other==1.0\n");
    assertEquals(hasPeers(environment), false, "the requirements have changed");
    await Deno.writeTextFile(environment.marker, requirements);
    assertEquals(hasPeers(environment), true);
  });
});

Deno.test("installPeers() says in one line what is missing", async () => {
  await inEmptyFolder(async (folder) => {
    const environment = peerEnvironment(folder);
    await assertRejects(
      () => installPeers({ environment, pythons: ["no-such-python"], gigabytes: 0 }),
      EngineError,
      "Python 3.11 or newer must be there: current value is none found as no-such-python",
    );
    await assertRejects(() => installPeers({ environment, gigabytes: 1e6 }), InputOutputError, "1000000 GB of disk");
    using _held = await lockFolder(folder);
    await assertRejects(() => installPeers({ environment }), LockedError);
    assertEquals(hasPeers(environment), false);
  });
});
