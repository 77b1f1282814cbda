import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { installKernel, jupyterEnvironment } from "../../lib/cli/notebooks/mod.ts";

Deno.test("installKernel() writes the Deno that runs, inside the environment", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const environment = jupyterEnvironment(folder);
    const path = await installKernel(environment);
    assert(dirname(path).startsWith(environment.venv));
    const { argv, language } = JSON.parse(await Deno.readTextFile(path));
    assertEquals(argv, [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"]);
    assertEquals(language, "typescript");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the requirements pin exact versions", async () => {
  const text = await Deno.readTextFile(join(import.meta.dirname!, "../../notebooks/requirements.txt"));
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  assertEquals(lines.filter((line) => !/^[\w.-]+==[\w.]+(; .+)?$/.test(line)), []);
});
