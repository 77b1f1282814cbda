import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { isFolderLocked, LockedError, lockFolder, writeAtomic } from "../../lib/core/mod.ts";
import type { RunEvent } from "../../lib/experiment/events.ts";
import {
  CHECKPOINT,
  type Platform,
  runStage,
  type StageResult,
  type StageSpec,
  type StageStore,
} from "../../lib/experiment/stage.ts";

const platform: Platform = { engine: "cpu", threads: 2, version: "1", tfjs: "4", deno: "2", system: "linux-x86_64" };

async function withStore(test: (store: StageStore) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test({ root, platform, commit: "abc", progress: { index: 0, count: 2 } });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function counting(inputs: unknown): { spec: StageSpec<string>; computed: () => number } {
  let computed = 0;
  return {
    computed: () => computed,
    spec: {
      name: "count",
      label: "counting",
      inputs,
      async *compute(folder) {
        computed++;
        assert(await isFolderLocked(folder));
        yield { kind: "step", label: "counting", step: 1, steps: 1, numbers: {} };
        await writeAtomic(join(folder, "out.txt"), "done");
      },
      load: (folder) => Deno.readTextFile(join(folder, "out.txt")),
    },
  };
}

async function finish<T>(
  stage: AsyncGenerator<RunEvent, StageResult<T>>,
): Promise<{ events: RunEvent[]; result: StageResult<T> }> {
  const events: RunEvent[] = [];
  let next = await stage.next();
  for (; !next.done; next = await stage.next()) events.push(next.value);
  return { events, result: next.value };
}

Deno.test("runStage() computes once and then takes the outputs up", () =>
  withStore(async (store) => {
    const { spec, computed } = counting({ a: 1 });
    const first = await finish(runStage(store, spec));
    const second = await finish(runStage(store, spec));
    assertEquals([first.result.value, second.result.value, computed()], ["done", "done", 1]);
    assertEquals(first.result.hash, second.result.hash);
    assertEquals(second.events.map((event) => event.kind === "stage" && event.cached), [true]);
  }));

Deno.test("runStage() names the commit that computed what it takes up, whatever the commit now", () =>
  withStore(async (store) => {
    const { spec, computed } = counting({ a: 1 });
    await finish(runStage(store, spec));
    const { result } = await finish(runStage({ ...store, commit: "def" }, spec));
    assertEquals([result.commit, computed()], ["abc", 1]);
  }));

Deno.test("runStage() tells inputs, engines, thread counts and versions apart", () =>
  withStore(async (store) => {
    const hash = async (inputs: unknown, changed: Partial<Platform> = {}) =>
      (await finish(runStage({ ...store, platform: { ...platform, ...changed } }, counting(inputs).spec))).result.hash;
    const hashes = [
      await hash({ a: 1 }),
      await hash({ a: 2 }),
      await hash({ a: 1 }, { threads: 1 }),
      await hash({ a: 1 }, { engine: "wasm" }),
      await hash({ a: 1 }, { tfjs: "5" }),
    ];
    assertEquals(new Set(hashes).size, 5);
  }));

Deno.test("runStage() leaves no done mark when the computation fails, and computes again", () =>
  withStore(async (store) => {
    const { spec, computed } = counting({ a: 1 });
    const failing = {
      ...spec,
      // deno-lint-ignore require-yield
      async *compute(): AsyncGenerator<RunEvent, void> {
        throw new Error("broken");
      },
    };
    await assertRejects(() => finish(runStage(store, failing)), Error, "broken");
    assertEquals((await finish(runStage(store, spec))).result.value, "done");
    assertEquals(computed(), 1);
  }));

Deno.test("runStage() keeps a checkpoint until the stage is marked as finished", () =>
  withStore(async (store) => {
    const { spec } = counting({ a: 1 });
    let found: string | undefined;
    const training = {
      ...spec,
      async *compute(folder: string): AsyncGenerator<RunEvent, void> {
        const path = join(folder, CHECKPOINT);
        found = await Deno.readTextFile(path).catch(() => undefined);
        await writeAtomic(path, "step 7");
        yield* spec.compute(folder);
        if (found === undefined) throw new Error("killed after the last output");
      },
    };
    await assertRejects(() => finish(runStage(store, training)), Error, "killed");
    const { result } = await finish(runStage(store, training));
    assertEquals(found, "step 7");
    await assertRejects(() => Deno.stat(join(result.folder, CHECKPOINT)), Deno.errors.NotFound);
  }));

Deno.test("runStage() takes up what another run has finished since it looked", () =>
  withStore(async (store) => {
    const { spec, computed } = counting({ a: 1 });
    const late = runStage(store, spec);
    const { value } = await late.next();
    assertEquals((value as RunEvent & { kind: "stage" }).cached, false);
    await finish(runStage(store, spec));
    const { result } = await finish(late);
    assertEquals([result.value, computed()], ["done", 1]);
  }));

Deno.test("runStage() refuses a stage that another run is computing", () =>
  withStore(async (store) => {
    const { spec } = counting({ a: 1 });
    const { result } = await finish(runStage(store, spec));
    await Deno.remove(join(result.folder, "stage.json"));
    using _held = await lockFolder(result.folder);
    await assertRejects(() => finish(runStage(store, spec)), LockedError, result.folder);
  }));
