import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import type { RunSummary } from "../../lib/experiment/mod.ts";
import { inFolder } from "../core/folder.ts";
import { nativeAvailable } from "../support.ts";
import { nothingHalfWritten, refused } from "./outcomes.ts";
import { writeOddPictures, writePictures } from "./photographs.ts";
import { filesBelow, type Outcome, start } from "./process.ts";

const engine = nativeAvailable ? "cpu" : "wasm";

/** Prepares a smoke run of one arm on six photographs, three of which must be converted. */
async function prepareRun(folder: string): Promise<{ runs: string; args: readonly string[] }> {
  const photos = join(folder, "photos"), runs = join(folder, "runs");
  await writePictures(photos, 3);
  await writeOddPictures(photos);
  return { runs, args: ["--engine", engine, "--arms", "sobolev-sft", "--data", photos, "--out", runs] };
}

async function statusOf(runs: string): Promise<RunSummary> {
  const { code, stdout } = await start("lib/cli/status.ts", ["--out", runs, "--json"]).outcome;
  assertEquals(code, 0);
  const listed = JSON.parse(stdout) as RunSummary[];
  assertEquals(listed.length, 1);
  return listed[0];
}

function stopped({ code, stderr }: Outcome): void {
  assertEquals(code, 75, stderr.join("\n"));
  assertEquals(stderr.length, 2, stderr.join("\n"));
  assert(stderr[0].startsWith("Stopping after this step."), stderr[0]);
  assert(/^Stopped SFT, seed 0 at step \d+ of 500; the same command goes on from here$/.test(stderr[1]), stderr[1]);
}

Deno.test("deno task ablation is locked while it runs, stops on SIGTERM (75), goes on, and takes a signal that comes twice for one", () =>
  inFolder(async (folder) => {
    const { runs, args } = await prepareRun(folder);
    const first = start("lib/cli/ablation.ts", args);
    await first.prints("SFT, seed 0 …");
    const second = start("lib/cli/ablation.ts", args); // while the first one runs
    const { state } = await statusOf(runs);
    refused(await second.outcome, 73, "no other run may use it");
    assertEquals(state, "running");
    first.signal("SIGTERM");
    const outcome = await first.outcome;
    stopped(outcome);
    for (const note of ["gray converted to RGB", "alpha dropped", "16-bit samples read without rounding"]) {
      assert(outcome.stdout.includes(note), note);
    }
    const run = await statusOf(runs);
    assertEquals([run.state, run.label, run.experiment, run.preset], ["stopped", "SFT, seed 0", "table3", "smoke"]);
    assert(run.command.endsWith(` task ablation ${args.join(" ")}`), run.command);
    await nothingHalfWritten(runs);
    assert((await filesBelow(runs)).some((path) => path.endsWith("state.safetensors")), "a checkpoint");

    const again = start("lib/cli/ablation.ts", args);
    await again.prints("SFT, seed 0 …");
    // Both are there before it goes on; two of the same kind would count as one: `deno task` passes a Ctrl-C on.
    again.signal("SIGSTOP", "SIGINT", "SIGTERM", "SIGCONT");
    stopped(await again.outcome);
    assertEquals((await statusOf(runs)).state, "stopped");
    await nothingHalfWritten(runs);
  }));

/** Mounts a file system of 256 kB, where this user may. */
async function mountSmall(folder: string): Promise<boolean> {
  return Deno.build.os === "linux" && await succeeds("mount", "-t", "tmpfs", "-o", "size=256k", "none", folder);
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  const process = new Deno.Command(command, { args, stdout: "null", stderr: "null" });
  return await process.output().then(({ success }) => success, () => false);
}

async function mayMount(): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  const may = await mountSmall(folder) && await succeeds("umount", folder);
  await Deno.remove(folder);
  return may;
}

Deno.test({
  name: "deno task ablation ends on a full disk with one line and no partial file (74)",
  ignore: !await mayMount(),
  fn: () =>
    inFolder(async (folder) => {
      const { runs, args } = await prepareRun(folder);
      await Deno.mkdir(runs);
      assert(await mountSmall(runs));
      try {
        const run = start("lib/cli/ablation.ts", args);
        await run.prints("SFT, seed 0 …");
        run.signal("SIGTERM"); // which writes a checkpoint, and that is larger
        const { code, stderr } = await run.outcome;
        assertEquals([code, stderr.length], [74, 2], stderr.join("\n"));
        assert(stderr[1].includes("the disk must have space left: current value is ENOSPC"), stderr[1]);
        const { state, message } = await statusOf(runs);
        assertEquals([state, message], ["failed", stderr[1].slice("error: ".length)]);
        await nothingHalfWritten(runs);
      } finally {
        assert(await succeeds("umount", runs));
      }
    }),
});
