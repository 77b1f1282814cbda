import type { tf } from "../engine/mod.ts";

/** The letters of "B H W 3": "B", "H" and "W". */
export type AxisLetters<Names extends string> = Names extends `${infer First} ${infer Rest}`
  ? AxisLetter<First> | AxisLetters<Rest>
  : AxisLetter<Names>;

/** The name of an axis if it is a letter: neither a number nor `_`. */
export type AxisLetter<Name extends string> = Name extends `${number}` | "_" | "" ? never : Name;

/** A tensor and the names of its axes: a letter binds, a number fixes, `_` takes any length. */
export type NamedAxes<Names extends string = string> = readonly [tensor: tf.Tensor, names: Names];

/**
 * Name the axes of tensors and check that they fit: a letter has the same length wherever it occurs.
 *
 * ```ts
 * const { B, H, W, C } = axes([xt, "B H W C"], [t, "B"]);
 * ```
 *
 * @param named Tensors with the names of their axes, separated by one space; "" for a scalar.
 * @returns The length of every letter. Taking out a letter that was not named does not compile.
 * @throws {RangeError} If a rank or a length does not fit.
 */
export function axes<const Named extends readonly NamedAxes[]>(
  ...named: Named
): { readonly [L in AxisLetters<Named[number][1]>]: number } {
  const bound = new Map<string, number>();
  for (const [tensor, names] of named) {
    const letters = names === "" ? [] : names.split(" ");
    if (letters.length !== tensor.shape.length) fail(tensor, names, `its rank must be ${letters.length}`);
    letters.forEach((letter, axis) => {
      const length = tensor.shape[axis], fixed = /^\d+$/.test(letter);
      const expected = fixed ? Number(letter) : bound.get(letter) ?? length;
      if (length !== expected) fail(tensor, names, `axis ${axis} (${letter}) must be ${expected}`);
      if (!fixed && letter !== "_") bound.set(letter, length);
    });
  }
  return Object.fromEntries(bound) as { readonly [L in AxisLetters<Named[number][1]>]: number };
}

function fail(tensor: tf.Tensor, names: string, rule: string): never {
  throw new RangeError(`Cannot name the axes "${names}" as ${rule}: current value is [${tensor.shape}]`);
}
