import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { inFolder } from "../core/folder.ts";
import { nothingHalfWritten, refused } from "./outcomes.ts";
import { pictureFile, writePictures } from "./photographs.ts";
import { ablation, filesBelow, type Outcome } from "./process.ts";

/** Runs on photographs that cannot be used, on the engine that starts fastest. */
async function refusedData(folder: string, args: readonly string[], reason: string): Promise<Outcome> {
  const outcome = await ablation("--engine", "wasm", "--out", join(folder, "runs"), ...args);
  refused(outcome, 65, reason);
  await nothingHalfWritten(folder);
  return outcome;
}

Deno.test("deno task ablation names a missing and an empty folder, before the engine starts (65)", () =>
  inFolder(async (folder) => {
    const missing = join(folder, "missing"), empty = join(folder, "empty"), photos = join(folder, "photos");
    await Deno.mkdir(empty);
    await writePictures(photos, 1);
    const cases = [
      [["--data", missing], missing],
      [["--data", empty], empty],
      [["--data", photos, "--data", missing], missing],
      [["--data", photos, "--test", missing], missing],
    ] as const;
    for (const [args, named] of cases) {
      assertEquals((await refusedData(folder, args, `${named} as it must`)).stdout, "");
    }
    assertEquals(await filesBelow(join(folder, "runs")), []);
  }));

Deno.test("deno task ablation lists every file that it cannot use, in one line (65)", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos"), whole = await pictureFile(3);
    await writePictures(photos, 2);
    await Deno.writeTextFile(join(photos, "text.png"), "no image at all");
    await Deno.writeFile(join(photos, "cut.png"), whole.subarray(0, whole.length / 2));
    await Deno.writeFile(join(photos, "empty.jpg"), new Uint8Array());
    await Deno.writeFile(join(photos, "small.png"), await pictureFile(4, 16));
    const { stderr: [line] } = await refusedData(folder, ["--data", photos], "4 of 6 image files");
    for (const name of ["text.png", "cut.png", "empty.jpg", "small.png"]) {
      assert(line.includes(join(photos, name)), line);
    }
    assert(line.includes("must be at least 32 x 32: current value is 16 x 16"), line);
  }));

Deno.test("deno task ablation refuses too few photographs (65)", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos");
    await writePictures(photos, 3);
    await refusedData(folder, ["--data", photos], "at least 4 images are needed: current value is 3");
  }));

Deno.test("deno task ablation refuses a test image that is a training image too (65)", () =>
  inFolder(async (folder) => {
    const training = join(folder, "training"), testing = join(folder, "testing");
    await writePictures(training, 4);
    await writePictures(testing, 1, 10);
    await Deno.copyFile(join(training, "02.png"), join(testing, "renamed.png"));
    const args = ["--data", training, "--test", testing];
    await refusedData(folder, args, "current value is testing/renamed.png");
  }));
