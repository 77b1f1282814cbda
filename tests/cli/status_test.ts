import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { lockFolder, writeJson } from "../../lib/core/mod.ts";
import type { RunStatus, RunSummary } from "../../lib/experiment/mod.ts";
import { inFolder } from "../core/folder.ts";
import { refused } from "./outcomes.ts";
import { type Outcome, start } from "./process.ts";

function status(...args: string[]): Promise<Outcome> {
  return start("lib/cli/status.ts", args).outcome;
}

const common = { experiment: "table3", preset: "smoke", label: "SFT, seed 0", index: 2, count: 28 };
const runs: Readonly<Record<string, RunStatus>> = {
  "a-done": { ...common, state: "done", label: "done", index: 28, command: "task a" },
  "b-failed": { ...common, state: "failed", message: "Cannot use 1 of 2 image files", command: "task b" },
  "c-killed": { ...common, state: "running", command: "task c" },
  "d-running": { ...common, state: "running", command: "task d" },
  "e-stopped": { ...common, state: "stopped", command: "task e" },
  "f-trained": {
    experiment: "train",
    preset: "flux",
    state: "done",
    label: "done",
    index: 3,
    count: 3,
    command: "task f",
  },
};

/** Writes the runs, one of which this process holds. */
async function withRuns(test: (root: string) => Promise<void>): Promise<void> {
  await inFolder(async (root) => {
    for (const [name, run] of Object.entries(runs)) await writeJson(join(root, name, "status.json"), run);
    await Deno.mkdir(join(root, "stages"));
    using _held = await lockFolder(join(root, "d-running"));
    await test(root);
  });
}

Deno.test("deno task status lists runs as a table and says how stopped and failed ones go on", () =>
  withRuns(async (root) => {
    const { code, stdout, stderr } = await status("--out", root);
    assertEquals([code, stderr], [0, []]);
    const lines = stdout.replaceAll(`${root}/`, "").split("\n");
    assertEquals(lines[0].split(/ {2,}/), ["run", "state", "stage", "at"]);
    assertEquals(lines.slice(2, 8).map((line) => line.split(/ {2,}/)), [
      ["a-done", "done", "28/28", "report.html"],
      ["b-failed", "failed", "2/28", "SFT, seed 0"],
      ["c-killed", "stopped", "2/28", "SFT, seed 0"],
      ["d-running", "running", "2/28", "SFT, seed 0"],
      ["e-stopped", "stopped", "2/28", "SFT, seed 0"],
      ["f-trained", "done", "3/3", "done"],
    ]);
    assertEquals(lines.slice(8).filter(Boolean), [
      "b-failed failed: Cannot use 1 of 2 image files",
      "  task b",
      "c-killed goes on with",
      "  task c",
      "e-stopped goes on with",
      "  task e",
    ]);
  }));

Deno.test("deno task status --json gives the runs as records", () =>
  withRuns(async (root) => {
    const { code, stdout } = await status("--out", root, "--json");
    assertEquals(code, 0);
    const listed = JSON.parse(stdout) as RunSummary[];
    assertEquals(listed.map(({ state }) => state), ["done", "failed", "stopped", "running", "stopped", "done"]);
    assertEquals(listed[1], { ...runs["b-failed"], folder: join(root, "b-failed") });
  }));

Deno.test("deno task status says where there is nothing to list", () =>
  inFolder(async (folder) => {
    const none = join(folder, "none");
    const { code, stdout } = await status("--out", none);
    assertEquals([code, stdout], [0, `No runs in ${none}. \`deno task ablation\` makes one.\n`]);
    await Deno.writeTextFile(none, "a file");
    refused(await status("--out", none), 74, "ENOTDIR");
    await writeJson(join(folder, "run", "status.json"), { other: true });
    refused(await status("--out", folder), 65, join(folder, "run", "status.json"));
    const { stdout: help } = await status("--help");
    assert(help.startsWith("Usage: deno task status"), help);
  }));
