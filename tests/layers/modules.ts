import { join, posix, relative } from "node:path";
import { type Dirent, existsSync, readdirSync, readFileSync } from "node:fs";
import { importsOf } from "./imports.ts";

/** A source file of the project (a notebook counts as one). */
export interface Module {
  /** Path from the project's folder, with forward slashes. */
  readonly path: string;
  /** Project files it imports, as paths. */
  readonly files: readonly string[];
  /** Everything else it imports: packages and built-ins. */
  readonly packages: readonly string[];
}

/** Makes a module of a path and its source text; `asasr/` is `lib/`. */
export function moduleOf(path: string, source: string): Module {
  const files: string[] = [], packages: string[] = [];
  for (const specifier of importsOf(source)) {
    if (specifier.startsWith("asasr/")) files.push(specifier.replace("asasr/", "lib/"));
    else if (specifier.startsWith(".")) files.push(posix.normalize(posix.join(posix.dirname(path), specifier)));
    else packages.push(specifier.replace(/^npm:/, ""));
  }
  return { path, files, packages };
}

/** Reads all sources of `lib`, `experiments` and `notebooks`. */
export function projectModules(root: string): Module[] {
  return ["lib", "experiments", "notebooks"].flatMap((folder) =>
    walk(join(root, folder)).map((file) => {
      const path = relative(root, file).replaceAll("\\", "/"), text = readFileSync(file, "utf8");
      return moduleOf(path, path.endsWith(".ipynb") ? notebookSource(text) : text);
    })
  );
}

function walk(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  const hidden = (entry: Dirent) => entry.name.startsWith(".");
  return entries.filter((entry) => !hidden(entry)).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return /\.(ts|js|ipynb)$/.test(entry.name) ? [path] : [];
  });
}

function notebookSource(text: string): string {
  const cells: { cell_type: string; source: string | string[] }[] = JSON.parse(text).cells;
  return cells.filter((cell) => cell.cell_type === "code").map((cell) => [cell.source].flat().join("")).join("\n");
}
