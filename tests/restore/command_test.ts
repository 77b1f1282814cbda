import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { refused } from "../cli/outcomes.ts";
import { pictureFile, writePictures } from "../cli/photographs.ts";
import { filesBelow, type Outcome, start } from "../cli/process.ts";
import { inFolder } from "../core/folder.ts";
import { nativeAvailable, tensorTest } from "../support.ts";
import { writeSmallRun } from "./small_run.ts";

const engine = nativeAvailable ? "cpu" : "wasm";

/** Runs a test beside a small network in `runs` and pictures in `in`; the command gets its common options. */
function onPictures(fn: (folder: string, restore: (...args: string[]) => ReturnType<typeof start>) => Promise<void>) {
  return async () => {
    await inFolder(async (folder) => {
      await writeSmallRun(join(folder, "runs"));
      await writePictures(join(folder, "in"), 3);
      const common = ["--run", join(folder, "runs"), "--out", join(folder, "out"), "--engine", engine];
      await fn(folder, (...args) => start("lib/cli/restore.ts", [...common, ...args]));
    });
  };
}

// On the engine that the test itself starts, to write random weights.
const options = { engines: [nativeAvailable ? "native" : "wasm"] } as const;

tensorTest(
  "deno task restore says what it does, stops at Ctrl-C with nothing half written, and goes on",
  onPictures(async (folder, restore) => {
    const input = join(folder, "in"), out = join(folder, "out"), steps = ["--steps", "12", "--batch", "2"];
    const running = restore(input, ...steps);
    await running.prints("[2/3] in/01.png, 48 x 48");
    running.signal("SIGINT");
    const { code, stdout, stderr } = await running.outcome;
    assertEquals(code, 75, stderr.join("\n"));
    assertEquals(stderr, [
      "Stopping after this step. Press Ctrl-C again to stop at once.",
      "Stopped after 1 of 3 images; the same command goes on",
    ]);
    assert(/memory: about [\d.]+ GiB/.test(stdout) && stdout.includes("tiles of 32 px that share 8"), stdout);
    assertEquals(await filesBelow(out), ["00.png", "lock"].map((name) => join(out, name)));
    const again = await restore(input, ...steps).outcome;
    assertEquals(again.code, 0, again.stderr.join("\n"));
    assert(
      again.stdout.includes("✓ [1/3] in/00.png") && again.stdout.endsWith(`${out}: 2 made, 1 kept\n`),
      again.stdout,
    );
    const whole = join(folder, "whole"), once = await restore(input, ...steps, "--out", whole).outcome;
    assertEquals(once.code, 0, once.stderr.join("\n"));
    for (const name of ["00.png", "01.png", "02.png"]) {
      assertEquals(await Deno.readFile(join(out, name)), await Deno.readFile(join(whole, name)));
    }
  }),
  options,
);

tensorTest(
  "deno task restore ends with the code of what is wrong, in one line",
  onPictures(async (folder, restore) => {
    const input = join(folder, "in"), file = join(folder, "file"), none = join(folder, "none");
    await Deno.writeTextFile(file, "in the way");
    const wrong: [number, string, ...string[]][] = [
      [64, "images or folders are needed"],
      [64, "must be one of wavelet, adain, none", input, "--color-fix", "red"],
      [64, "--steps as it must be a whole number from 1", input, "--steps", "0"],
      [64, "--memory as it must be above 0 GiB", input, "--memory", "0"],
      [64, "only FLUX can be streamed: current value is small", input, "--hold", "streamed"],
      [64, "--tile must be a positive multiple of 4", input, "--tile", "6"],
      [64, "--checkpoint and --run at once", input, "--checkpoint", none],
      [65, "must exist: current value is no such file or folder", none],
      [74, file, input, "--out", file],
      [74, none, input, "--lora", none],
      [78, "`npx -y deno@2.9.6 task ablation` makes one", input, "--run", none],
      [78, "of memory are needed", input, "--memory", "0.1"],
    ];
    for (const [code, text, ...args] of wrong) refused(await restore(...args).outcome, code, text);
  }),
  options,
);

tensorTest(
  "deno task restore does the rest where a file cannot be used (65)",
  onPictures(async (folder, restore) => {
    const input = join(folder, "in"), whole = await pictureFile(9, 12);
    await Deno.writeFile(join(input, "cut.png"), whole.subarray(0, whole.length / 2));
    const { code, stdout, stderr }: Outcome = await restore(input, "--steps", "1").outcome;
    assertEquals(code, 65);
    assertEquals(stderr.length, 2);
    assert(stderr[0].startsWith(`left out: Cannot read ${join(input, "cut.png")}`), stderr[0]);
    assertEquals(stderr[1], "error: Cannot use 1 of 4 files; the rest is done");
    assert(stdout.endsWith(": 3 made, 0 kept\n"), stdout);
  }),
  options,
);
