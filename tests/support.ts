import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installedLibrary, namedLibrary } from "../lib/engine/library.ts";
import { type EngineChoice, startEngine, tf } from "../lib/engine/mod.ts";

/** Whether `deno task setup` has brought TensorFlow, or ASASR_TENSORFLOW_DIR names it. */
export const nativeAvailable: boolean = (namedLibrary() ?? installedLibrary("cpu")) !== undefined;

/** Engines that the tests run on. */
const engines: readonly ("native" | "wasm")[] = nativeAvailable ? ["native", "wasm"] : ["wasm"];
const choices = { native: "cpu", wasm: "wasm" } as const satisfies Record<string, EngineChoice>;

/** Threads of the engine in tests: the same bytes on every machine. */
const threads = 2;

/**
 * Registers a test for each engine and fails it if it leaves tensors behind.
 *
 * A plain function runs in `tf.tidy`; only what it keeps counts. An async function must free what it makes, as any
 * code must across an await.
 *
 * @param name Name of the test; the engine is appended.
 * @param options.engines Engines to run on, all by default.
 */
export function tensorTest(
  name: string,
  fn: () => void | Promise<void>,
  options: { engines?: readonly ("native" | "wasm")[] } = {},
): void {
  for (const engine of engines) {
    if (options.engines && !options.engines.includes(engine)) continue;
    Deno.test(`${name} [${engine}]`, async () => {
      await startEngine({ engine: choices[engine], threads, install: false });
      const before = tf.memory().numTensors;
      if (fn.constructor.name === "AsyncFunction") await fn();
      else {
        tf.tidy(() => {
          // tf.tidy would end before the promise does
          assert.ok(!(fn() instanceof Promise), "A test that returns a promise must be an async function");
        });
      }
      const left = tf.memory().numTensors - before;
      assert.equal(left, 0, `${left} tensors left over: dispose them, or open a scope (tf.tidy, tensorScope)`);
    });
  }
}

/** Returns how many more tensors exist after `work` than before it. */
export async function newTensors(work: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await work();
  return tf.memory().numTensors - before;
}

/** How far values may lie from what is expected. */
export interface Tolerance {
  /** Largest difference of any value. */
  readonly absolute?: number;
  /** Largest difference as a fraction of the largest expected magnitude. */
  readonly relative?: number;
}

/** Numbers in a tensor, an array nested as deep as one likes, or alone. */
export type Numbers = tf.Tensor | number | ArrayLike<number> | readonly Numbers[];

/**
 * Fails unless all values agree.
 *
 * @param tolerance Largest absolute difference, or what `Tolerance` says; both limits add up.
 */
export function close(actual: Numbers, expected: Numbers, tolerance: number | Tolerance): void {
  const [a, e] = [flat(actual), flat(expected)];
  assert.equal(a.length, e.length, `Expected ${e.length} values, got ${a.length}`);
  if (actual instanceof tf.Tensor && expected instanceof tf.Tensor) assert.deepEqual(actual.shape, expected.shape);
  const { absolute = 0, relative = 0 } = typeof tolerance === "number" ? { absolute: tolerance } : tolerance;
  const limit = absolute + relative * e.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  let worst = 0;
  for (let index = 0; index < a.length; index++) {
    // Written so that NaN is a difference.
    if (!(Math.abs(a[index] - e[index]) <= Math.abs(a[worst] - e[worst]))) worst = index;
  }
  const difference = a.length === 0 ? 0 : Math.abs(a[worst] - e[worst]);
  assert.ok(
    difference <= limit,
    `Expected ${e[worst]} within ${limit} at ${worst} of ${e.length}, got ${a[worst]} (difference ${difference})`,
  );
}

/** Returns the path of a file in tests/golden. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`golden/${name}`, import.meta.url));
}

/**
 * Registers a test that needs data from the folder `shared` beside the project.
 *
 * Without the data it is skipped, and fails where CI is "true".
 *
 * @param path Path of the data inside `shared`.
 * @param fn Test; gets the full path.
 */
export function sharedTest(name: string, path: string, fn: (path: string) => void | Promise<void>): void {
  const full = sharedPath(path);
  const missing = !existsSync(full);
  Deno.test({
    name,
    ignore: missing && Deno.env.get("CI") !== "true",
    fn: () => {
      if (missing) assert.fail(`Cannot run the test as its data must exist: shared/${path}`);
      return fn(full);
    },
  });
}

/** Registers a test of tensors, on each engine, that needs data from `shared`; as `sharedTest` where there is none. */
export function sharedTensorTest(name: string, path: string, fn: (path: string) => void | Promise<void>): void {
  const full = sharedPath(path);
  if (existsSync(full)) tensorTest(name, async () => await fn(full));
  else sharedTest(name, path, fn);
}

function sharedPath(path: string): string {
  return fileURLToPath(new URL(`../../shared/${path}`, import.meta.url));
}

function flat(values: Numbers): number[] {
  if (values instanceof tf.Tensor) return Array.from(values.dataSync());
  if (typeof values === "number") return [values];
  return Array.from(values as ArrayLike<Numbers>).flatMap(flat);
}
