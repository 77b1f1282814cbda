import type { Module } from "./modules.ts";

/** Height of every folder; an import may only point to a lower one. */
export const LAYERS: Readonly<Record<string, number>> = {
  ...{ engine: 0, core: 1, nn: 2, optim: 2, sobolev: 2, image: 2, dataset: 3, weights: 3, backbones: 4, metrics: 4 },
  ...{ flow: 5, restorers: 5, adversary: 6, asdpo: 7, experiment: 8, view: 9, "lib/mod.ts": 9.5 },
  ...{ cli: 10, experiments: 10, notebooks: 10 },
};

/** Packages that one folder alone may import. */
const OWNERS: readonly (readonly [pattern: RegExp, folder: string])[] = [
  [/^@tensorflow\//, "engine"],
  [/^sharp(\/|@|$)/, "image"],
  [/^plotly/, "view"],
];

/** The folder whose layer a file has: `lib/flow/path.ts` is of `flow`. */
export function folderOf(path: string): string {
  const parts = path.split("/");
  return path === "lib/mod.ts" ? path : parts[0] === "lib" ? parts[1] : parts[0];
}

/** Says in words which rules of the layers a file breaks. */
export function violations(module: Module): string[] {
  const from = folderOf(module.path);
  if (!(from in LAYERS)) return [`${module.path}: folder ${from} has no layer`];
  const packages = module.packages.flatMap((name) => packageViolation(from, name) ?? []);
  const files = module.files.flatMap((path) => fileViolation(from, path) ?? []);
  return [...packages, ...files].map((what) => `${module.path}: ${what}`);
}

function packageViolation(from: string, name: string): string | undefined {
  const owner = OWNERS.find(([pattern]) => pattern.test(name));
  if (owner && owner[1] !== from) return `${name} may only be imported by lib/${owner[1]}`;
  if (from === "notebooks") return `a notebook imports only from asasr/, not ${name}`;
}

function fileViolation(from: string, path: string): string | undefined {
  const to = folderOf(path);
  if (to === from) return;
  if (!(to in LAYERS)) return `${path} is in a folder without a layer`;
  if (from === "experiments" && to !== "experiment") return `experiments import lib/experiment only, not ${path}`;
  const allowed = LAYERS[to] < LAYERS[from] || (from === "cli" && to === "experiments");
  if (!allowed) return `${from} (${LAYERS[from]}) may not import ${to} (${LAYERS[to]}): ${path}`;
  if (to === "lib/mod.ts") return from === "notebooks" ? undefined : `lib/mod.ts is for users of the library`;
  const door = to === "experiments" ? "experiments/mod.ts" : `lib/${to}/mod.ts`;
  if (path !== door) return `${to} is imported through ${door}, not ${path}`;
}

/** Finds a circle of imports between files; undefined if there is none. */
export function importCycle(modules: readonly Module[]): string[] | undefined {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return;
    for (const next of byPath.get(path)?.files ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
  };
  for (const { path } of modules) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
}
