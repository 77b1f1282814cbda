import { assert, assertEquals } from "@std/assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf } from "./layers/imports.ts";
import { moduleOf, projectModules } from "./layers/modules.ts";
import { importCycle, violations } from "./layers/rule.ts";

const root = join(import.meta.dirname!, "..");
const modules = projectModules(root);

Deno.test("every import points down, and to the mod.ts of another folder", () => {
  assert(modules.length > 0);
  assertEquals(modules.flatMap(violations), []);
});

Deno.test("no file imports itself through others", () => {
  assertEquals(importCycle(modules), undefined);
});

Deno.test("every imported file exists", () => {
  const missing = modules.flatMap(({ path, files }) =>
    files.filter((file) => !existsSync(join(root, file))).map((file) => `${path} -> ${file}`)
  );
  assertEquals(missing, []);
});

Deno.test("mod.ts only re-exports", () => {
  const barrels = modules.filter(({ path }) => /^lib\/(.*\/)?mod\.ts$/.test(path));
  const other = barrels.filter(({ path }) => {
    const code = readFileSync(join(root, path), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\/\/.*$/gm, "");
    return code.replace(/^export [\w$*\s{},]*? from "[^"]+";$/gm, "").trim() !== "";
  });
  assertEquals(other.map(({ path }) => path), []);
});

Deno.test("importsOf() finds every form of import and nothing else", () => {
  const source = [
    `import a, { type B } from "./a.ts";`,
    `import type {\n  C,\n  D,\n} from "./c.ts";`,
    `import * as e from "npm:e@1";`,
    `import "./effect.ts";`,
    `export * as tf from "f";`,
    `export { g } from "./g.ts";`,
    `const h = await import("./h.ts"), i = require("i"), j = import.meta.resolve("./j.ts");`,
    ` * import { never } from "./doc.ts";`,
    `export const k = "from"; const l = 'from "./l.ts"';`,
    `export function from(x: string) { return resolve("./m.ts"); }`,
  ].join("\n");
  const expected = ["./a.ts", "./c.ts", "./effect.ts", "./g.ts", "./h.ts", "./j.ts", "f", "i", "npm:e@1"];
  assertEquals(importsOf(source), expected);
});

Deno.test("violations() names what breaks the rule, and passes what does not", () => {
  const broken = (path: string, source: string) => violations(moduleOf(path, source)).length > 0;
  const importing = (specifier: string) => `import { x } from "${specifier}";`;
  const bad = [
    ["lib/flow/a.ts", "../adversary/mod.ts"],
    ["lib/flow/a.ts", "../restorers/mod.ts"],
    ["lib/flow/a.ts", "../core/rng.ts"],
    ["lib/flow/a.ts", "../mod.ts"],
    ["lib/flow/a.ts", "@tensorflow/tfjs"],
    ["lib/view/a.ts", "sharp"],
    ["lib/experiment/a.ts", "npm:plotly.js-cartesian-dist-min@4"],
    ["lib/view/a.ts", "../../experiments/mod.ts"],
    ["lib/stray/a.ts", "../core/mod.ts"],
    ["lib/asdpo/a.ts", "../stray/mod.ts"],
    ["experiments/table3/config.ts", "asasr/flow/mod.ts"],
    ["notebooks/01.ipynb", "node:fs"],
    ["notebooks/01.ipynb", "asasr/cli/mod.ts"],
  ];
  const good = [
    ["lib/flow/a.ts", "./b.ts"],
    ["lib/flow/a.ts", "../core/mod.ts"],
    ["lib/flow/a.ts", "node:path"],
    ["lib/engine/a.ts", "@tensorflow/tfjs"],
    ["lib/image/a.ts", "sharp"],
    ["lib/view/a.ts", "plotly.js-cartesian-dist-min"],
    ["lib/cli/a.ts", "../../experiments/mod.ts"],
    ["lib/mod.ts", "./view/mod.ts"],
    ["experiments/table3/config.ts", "asasr/experiment/mod.ts"],
    ["notebooks/01.ipynb", "asasr/mod.ts"],
  ];
  assertEquals(bad.filter(([path, specifier]) => !broken(path, importing(specifier))), []);
  assertEquals(good.filter(([path, specifier]) => broken(path, importing(specifier))), []);
});

Deno.test("importCycle() names the files of a circle", () => {
  const file = (path: string, to: string) => moduleOf(path, `import { x } from "${to}";`);
  const circle = [file("lib/a/1.ts", "./2.ts"), file("lib/a/2.ts", "./3.ts"), file("lib/a/3.ts", "./1.ts")];
  assertEquals(importCycle(circle), ["lib/a/1.ts", "lib/a/2.ts", "lib/a/3.ts", "lib/a/1.ts"]);
  assertEquals(importCycle(circle.slice(0, 2)), undefined);
});
