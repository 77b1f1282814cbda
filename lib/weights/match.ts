import { DataError } from "../core/mod.ts";

/** Names that one error lists of a kind. */
const LISTED = 20;

/**
 * Check that parameters are exactly those of a network, of floating-point types.
 *
 * @param params What was read, or what a file holds: tensors, or anything else with a shape and how it is held.
 * @param shapes Shape of every parameter, by name.
 * @param label Names the parameters in errors, such as their file.
 * @throws {DataError} If names are missing or unmatched, or shapes or types differ; it lists them.
 */
export function matchParams(
  params: Readonly<Record<string, { readonly shape: readonly number[]; readonly dtype: string }>>,
  shapes: Readonly<Record<string, readonly number[]>>,
  label = "parameters",
): void {
  const problems = [
    list("missing", Object.keys(shapes).filter((name) => !(name in params))),
    list("unmatched", Object.keys(params).filter((name) => !(name in shapes))),
    list(
      "of another shape",
      Object.keys(shapes).filter((name) => name in params && params[name].shape.join() !== shapes[name].join())
        .map((name) => `${name} [${params[name].shape}] for [${shapes[name]}]`),
    ),
    list("of no floating-point type", withoutFractions(params)),
  ].filter((problem) => problem !== "");
  if (problems.length > 0) {
    throw new DataError(`Cannot use ${label} as names, shapes and types must be the network's: ${problems.join("; ")}`);
  }
}

function list(kind: string, names: readonly string[]): string {
  return names.length === 0 ? "" : `${names.length} ${kind}: ${listed(names)}`;
}

/** Tensors that are held as whole numbers or as truth values, with how. */
export function withoutFractions(tensors: Readonly<Record<string, { readonly dtype: string }>>): string[] {
  return Object.entries(tensors).filter(([, { dtype }]) => dtype !== "float32" && dtype !== "bfloat16")
    .map(([name, { dtype }]) => `${name} ${dtype}`);
}

/** Names for an error: all, or the first of many and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return `${names.slice(0, LISTED).join(", ")}${more}`;
}
