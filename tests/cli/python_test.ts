import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findPython, installPython, isInstalled, pythonEnvironment, runPython } from "../../lib/cli/python/mod.ts";
import { EngineError, InputOutputError, LockedError, lockFolder, StoppedError } from "../../lib/core/mod.ts";

/** The Python of this machine; without one there is nothing to run. */
const python = await findPython("the packages").then(({ command }) => command, () => undefined);

const setup = { what: "the packages", gigabytes: 0, check: "print('works')" };

/** A folder that is gone afterwards, with a requirements file in it. */
async function inFolder(fn: (folder: string, requirements: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const requirements = join(folder, "pins.txt");
    await Deno.writeTextFile(requirements, "# nothing\n");
    await fn(folder, requirements);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findPython() says in one line what is missing", async () => {
  const message = "Cannot install the packages as Python 3.11 or newer must be there: current value is none found";
  await assertRejects(() => findPython("the packages", ["no-such-python"]), EngineError, message);
});

Deno.test({
  name: "findPython() passes over what is not there or too old, and tells one without venv",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const stub = async (name: string, line: string) => {
        await Deno.writeTextFile(join(folder, name), `#!/bin/sh\necho "${line}"\n`, { mode: 0o755 });
        return join(folder, name);
      };
      const old = await stub("old", "3 9 1 1 1"), good = await stub("good", "3 13 1 1 1");
      const outside = await stub("outside", "3 11 1 0 1"), bare = await stub("bare", "3 12 0 1 1");
      const names = ["no-such-python", old, good];
      assertEquals(await findPython("it", names), { command: good, hasEnsurepip: true });
      assertEquals(await findPython("it", [outside]), { command: outside, hasEnsurepip: false });
      await assertRejects(() => findPython("it", [old]), EngineError, "current value is 3.9");
      await assertRejects(() => findPython("it", [bare]), EngineError, "must have venv and pip");
    }),
});

Deno.test({
  name: "runPython() returns the output, and the last line of an error",
  ignore: !python,
  fn: async () => {
    const run = (code: string) => runPython(python!, ["-c", code], { purpose: "try", quiet: true });
    assertEquals((await run("print(6 * 7)")).trim(), "42");
    await assertRejects(() => run("int('x')"), EngineError, "ValueError: invalid literal");
    const full = "raise OSError('No space left on device')";
    await assertRejects(() => run(full), InputOutputError, "the disk must have space left");
  },
});

Deno.test({
  name: "runPython() ends with its signal",
  ignore: !python,
  fn: async () => {
    const options = { purpose: "wait", quiet: true, signal: AbortSignal.timeout(100) };
    await assertRejects(() => runPython(python!, ["-c", "import time; time.sleep(60)"], options), StoppedError);
  },
});

Deno.test("installPython() stops before it starts where the disk is too small or another installs", () =>
  inFolder(async (folder, requirements) => {
    const environment = pythonEnvironment(join(folder, "env"), requirements);
    const options = { ...setup, gigabytes: 1e9 };
    await assertRejects(() => installPython(environment, options), InputOutputError, "1000000000 GB");
    using _held = await lockFolder(environment.folder);
    await assertRejects(() => installPython(environment, setup), LockedError);
    assertEquals(isInstalled(environment), false);
  }));

Deno.test({
  name: "installPython() makes an environment once and checks it each time",
  ignore: !python,
  fn: () =>
    inFolder(async (folder, requirements) => {
      const environment = pythonEnvironment(join(folder, "env"), requirements);
      const said: string[] = [], options = { ...setup, onProgress: (line: string) => void said.push(line) };
      assertEquals(await installPython(environment, options), "works");
      assertEquals(isInstalled(environment), true);
      const steps = said.length;
      assertEquals(await installPython(environment, options), "works");
      assertEquals(said.length, steps, "nothing to do the second time");
    }),
});

Deno.test("isInstalled() is false once the requirements have changed", () =>
  inFolder(async (folder, requirements) => {
    const environment = pythonEnvironment(join(folder, "env"), requirements);
    await Deno.mkdir(join(environment.python, ".."), { recursive: true });
    await Deno.writeTextFile(environment.python, "");
    await Deno.copyFile(requirements, environment.marker);
    assertEquals(isInstalled(environment), true);
    await Deno.writeTextFile(requirements, "jupyterlab==4.0.0\n");
    assertEquals(isInstalled(environment), false);
  }));
