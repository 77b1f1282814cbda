import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findPython, installPython, isInstalled, pythonEnvironment, runPython } from "../../lib/cli/python/mod.ts";
import { EngineError, InputOutputError, StoppedError } from "../../lib/core/mod.ts";

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

/** The Python of this machine; without one there is nothing to run. */
const python = await findPython("the packages").then(({ command }) => command, () => undefined);

const setup = { what: "the packages", gigabytes: 0, check: "print('works')" };

Deno.test("findPython() says in one line what is missing", async () => {
  const message = "Cannot install the packages as Python 3.11 or newer must be there: current value is none found";
  await assertRejects(() => findPython("the packages", ["no-such-python"]), EngineError, message);
});

Deno.test({
  name: "findPython() passes over commands that are not there",
  ignore: !python,
  fn: async () => assertEquals((await findPython("the packages", ["no-such-python", python!])).command, python),
});

Deno.test("runPython() returns the output, and the last line of an error", async () => {
  const { command } = await findPython("the packages");
  const options = { purpose: "try", quiet: true };
  assertEquals(await runPython(command, ["-c", "print(6 * 7)"], options), "42\n");
  await assertRejects(
    () => runPython(command, ["-c", "int('x')"], options),
    EngineError,
    "ValueError: invalid literal",
  );
  const full = "raise OSError('No space left on device')";
  await assertRejects(
    () => runPython(command, ["-c", full], options),
    InputOutputError,
    "the disk must have space left",
  );
});

Deno.test("runPython() ends with its signal", async () => {
  const { command } = await findPython("the packages");
  const options = { purpose: "wait", quiet: true, signal: AbortSignal.timeout(100) };
  await assertRejects(() => runPython(command, ["-c", "import time; time.sleep(60)"], options), StoppedError);
});

Deno.test("installPython() stops before it starts where the disk is too small", () =>
  inFolder(async (folder, requirements) => {
    const environment = pythonEnvironment(join(folder, "env"), requirements);
    const options = { ...setup, gigabytes: 1e9 };
    await assertRejects(() => installPython(environment, options), InputOutputError, "1000000000 GB");
    assertEquals(isInstalled(environment), false);
  }));

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
