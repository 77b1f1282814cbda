import { assert, assertEquals } from "@std/assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { moduleOf } from "./layers/modules.ts";

const root = join(import.meta.dirname!, "..");

/** What `deno doc --json` writes, as far as it is read here. */
interface Documentation {
  readonly nodes: Readonly<Record<string, { readonly symbols: readonly DocumentedSymbol[] }>>;
}

interface DocumentedSymbol {
  readonly name: string;
  readonly declarations: readonly { readonly declarationKind: string; readonly jsDoc?: { readonly doc?: string } }[];
}

async function denoDoc(...options: string[]): Promise<{ success: boolean; stdout: string; stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["doc", ...options, "lib/mod.ts"],
    cwd: root,
    env: { NO_COLOR: "1" },
  });
  const { success, stdout, stderr } = await command.output();
  return { success, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("deno doc --lint lib/mod.ts finds nothing to complain about", async () => {
  const { success, stderr } = await denoDoc("--lint");
  assert(success, stderr);
});

Deno.test("every public export says what it is", async () => {
  const { success, stdout, stderr } = await denoDoc("--json");
  assert(success, stderr);
  const symbols = Object.values((JSON.parse(stdout) as Documentation).nodes).flatMap((node) => node.symbols);
  const silent = symbols.filter(({ declarations }) =>
    declarations.some(({ declarationKind }) => declarationKind === "export") &&
    !declarations.some(({ jsDoc }) => jsDoc?.doc?.trim())
  );
  assert(symbols.length > 0);
  assertEquals(silent.map(({ name }) => name), []);
});

Deno.test("lib/mod.ts re-exports every folder of the library", async () => {
  const { files } = moduleOf("lib/mod.ts", await Deno.readTextFile(join(root, "lib/mod.ts")));
  const folders = readdirSync(join(root, "lib"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const libraries = folders.map((entry) => entry.name).filter((name) => name !== "cli");
  assertEquals(libraries.filter((name) => !files.includes(`lib/${name}/mod.ts`)), []);
});
