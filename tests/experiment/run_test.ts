import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { LockedError, lockFolder, sha256Hex, StoppedError } from "../../lib/core/mod.ts";
import { listRuns, runExperiment } from "../../lib/experiment/mod.ts";
import { runTiny, tinyExperiment } from "./tiny.ts";

const arms = ["sobolev-asdpo", "static-euclidean", "rollout-own-0", "self-sobolev", "sobolev-sft"];

async function inFolder(test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/**
 * Hashes of every file of a run that must not depend on how it was interrupted: parameters, points, pictures, results
 * (but for the commit that they name, as someone may commit meanwhile).
 */
async function outputs(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const visit = async (folder: string) => {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory) await visit(path);
      else if (!/^(lock|status\.json)$/.test(entry.name)) {
        const bytes = await Deno.readFile(join(root, path));
        const text = /^(results|stage)\.json$/.test(entry.name) ? new TextDecoder().decode(bytes) : undefined;
        files.set(path, sha256Hex(text?.replace(/"commit": ".*"|"stageCommits": \[[^\]]*\]/g, "") ?? bytes));
      }
    }
  };
  await visit(".");
  return new Map([...files].sort());
}

function pause(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}

/** Returns the stage whose training wrote a checkpoint after a moment; none where no training is under way. */
async function freshCheckpoint(root: string, since: number): Promise<string | undefined> {
  const stages = join(root, "stages");
  try {
    for await (const { name } of Deno.readDir(stages)) {
      const checkpoint = await Deno.stat(join(stages, name, "state.safetensors")).catch(() => null);
      if (checkpoint?.mtime && checkpoint.mtime.getTime() > since) return name;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

Deno.test("runExperiment() runs every kind of arm and compares them", () =>
  inFolder(async (root) => {
    const { results, folder } = await runTiny(root, arms);
    const ids = results.points.map(({ id }) => id);
    for (const id of ["sft", ...arms, "sft@2", "sft@8", "sft-midpoint@2", "sft-mix@0.5", "bicubic"]) {
      assert(ids.includes(id), `${id} in ${ids}`);
    }
    for (const point of results.points) {
      assertEquals(point.perSeed.map(({ seed }) => seed), [0, 1]);
      for (const { perImage, values } of point.perSeed) {
        assertEquals(perImage.psnrDb.length, 6);
        assert(Object.values(values).every(Number.isFinite), `${point.id}: ${JSON.stringify(values)}`);
      }
    }
    assert(results.directions.length > 0 && results.comparisons.length > 0 && results.offsets.length > 0);
    assert(results.curves.some(({ health }) => health !== undefined));
    assertEquals(results.strips.length, 2);
    for (const { file } of results.strips) assert((await Deno.stat(join(folder, file))).size > 100);
    const [run] = await listRuns(root);
    assertEquals([run.state, run.experiment, run.index], ["done", "table3", run.count]);
  }));

Deno.test("runExperiment() stopped again and again ends with the bytes of an uninterrupted run", () =>
  inFolder(async (root) => {
    const whole = join(root, "whole"), pieces = join(root, "pieces");
    await runTiny(whole, arms);
    let stops = 0;
    for (let events = 3;; events += 7) {
      const controller = new AbortController();
      const run = runExperiment(tinyExperiment(arms), { root: pieces, command: "tiny", signal: controller.signal });
      try {
        let seen = 0;
        for (let next = await run.next(); !next.done; next = await run.next()) {
          if (++seen === events) controller.abort();
        }
        break;
      } catch (error) {
        if (!(error instanceof StoppedError)) throw error;
        stops++;
        const [{ state }] = await listRuns(pieces);
        assertEquals(state, "stopped");
      }
    }
    assert(stops > 5, `stopped ${stops} times`);
    assertEquals(await outputs(pieces), await outputs(whole));
  }));

Deno.test("runExperiment() killed with -9 again and again ends with the bytes of an uninterrupted run", () =>
  inFolder(async (root) => {
    const whole = join(root, "whole"), pieces = join(root, "pieces");
    const few = ["sobolev-asdpo", "rollout-own-0"];
    await runTiny(whole, few);
    const script = new URL("./tiny.ts", import.meta.url).pathname;
    const start = () =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-RWES", "--allow-ffi", "--allow-run", script, pieces, ...few],
        stdout: "null",
        stderr: "null",
      }).spawn();
    const kills: string[] = [];
    for (let run = 0; run < 4; run++) {
      const began = Date.now(), child = start();
      const ended = child.status;
      for (let over = false; !over;) {
        over = await Promise.race([ended.then(() => true), pause(5 + 10 * run)]);
        const stage = await freshCheckpoint(pieces, began);
        if (over || !stage || kills.includes(stage)) continue; // another training each time
        kills.push(stage);
        child.kill("SIGKILL");
        assertEquals((await ended).signal, "SIGKILL");
        over = true;
      }
    }
    assertEquals(kills.length, 4);
    assertEquals((await start().status).code, 0);
    assertEquals(await outputs(pieces), await outputs(whole));
  }));

Deno.test("runExperiment() refuses a folder that another run uses", () =>
  inFolder(async (root) => {
    const { folder } = await runTiny(root, ["sobolev-sft"]);
    using _held = await lockFolder(folder);
    await assertRejects(() => runTiny(root, ["sobolev-sft"]), LockedError, folder);
  }));
