/** The names of `@std/assert` that the tests use, over node:assert: the jsr registry is not needed to test. */
import assertModule from "node:assert/strict";

/** Fails unless `condition` holds. */
export function assert(condition: unknown, message?: string): asserts condition {
  if (message === undefined) assertModule.ok(condition);
  else assertModule.ok(condition, message);
}

/** Fails unless both values are deeply and strictly equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  if (message === undefined) assertModule.deepStrictEqual(actual, expected);
  else assertModule.deepStrictEqual(actual, expected, message);
}

/** Fails unless `fn` throws an error of `type` whose message includes `includes`. */
export function assertThrows(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  type: new (...args: any[]) => Error = Error,
  includes = "",
): void {
  assertModule.throws(fn, (error: unknown) => matches(error, type, includes));
}

/** Fails unless `fn` rejects with an error of `type` whose message includes `includes`. */
export async function assertRejects(
  fn: () => Promise<unknown>,
  // deno-lint-ignore no-explicit-any
  type: new (...args: any[]) => Error = Error,
  includes = "",
): Promise<void> {
  await assertModule.rejects(fn, (error: unknown) => matches(error, type, includes));
}

/** Fails unless `|actual - expected| <= tolerance`. */
export function assertAlmostEquals(actual: number, expected: number, tolerance = 1e-7, message?: string): void {
  const text = message ?? `Expected ${actual} to be within ${tolerance} of ${expected}`;
  assertModule.ok(Math.abs(actual - expected) <= tolerance, text);
}

// deno-lint-ignore no-explicit-any
function matches(error: unknown, type: new (...args: any[]) => Error, includes: string): boolean {
  assertModule.ok(error instanceof type, `Expected ${type.name}, got ${String(error)}`);
  assertModule.ok(error.message.includes(includes), `Expected a message with "${includes}", got "${error.message}"`);
  return true;
}
