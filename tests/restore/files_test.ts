import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import {
  DataError,
  decodeTensors,
  encodeTensors,
  InputOutputError,
  RefusedError,
  StoppedError,
  TrainingError,
  UsageError,
} from "../../lib/core/mod.ts";
import { restoreFiles, type RestoreRequest } from "../../lib/experiment/mod.ts";
import { pictureFile } from "../cli/photographs.ts";
import { filesBelow } from "../cli/process.ts";
import { close, tensorTest } from "../support.ts";
import { writeAdapter } from "./adapters.ts";
import { finish, onPictures, requestIn, restored } from "./requests.ts";
import { writeSmallRun } from "./small_run.ts";

tensorTest(
  "restoreFiles() keeps what a file has: gray, alpha, 16 bits, colour profile; and takes every format",
  onPictures(1, async (folder) => {
    const picture = sharp(await pictureFile(0, 12)), input = join(folder, "in");
    const files: Record<string, Sharp> = {
      "gray.png": picture.clone().toColourspace("b-w").png(),
      "alpha.png": picture.clone().ensureAlpha(0.5).png(),
      "deep.png": picture.clone().toColourspace("rgb16").png(),
      "wide.jpg": picture.clone().withIccProfile("p3").jpeg(),
      "inks.jpeg": picture.clone().toColourspace("cmyk").jpeg(),
      "palette.webp": picture.clone().webp(),
      "colours.png": picture.clone().png({ palette: true }),
      "turned.tif": picture.clone().extract({ left: 0, top: 0, width: 12, height: 6 }).withMetadata({ orientation: 6 })
        .tiff(),
    };
    await Deno.mkdir(join(input, "inside"));
    for (const [name, image] of Object.entries(files)) await image.toFile(join(input, "inside", name));
    const { output, events } = await finish(requestIn(folder));
    assertEquals(output, { made: 9, kept: 0, faults: [] });
    const facts = async (name: string) => {
      const { image, alpha, bits, profile } = await restored(folder, name);
      return [image.width, image.height, image.channels, alpha !== null, bits, profile !== null];
    };
    assertEquals(await facts("0.png"), [48, 48, 3, false, 8, false]);
    assertEquals(await facts("inside/gray.png"), [48, 48, 1, false, 8, false]);
    assertEquals(await facts("inside/alpha.png"), [48, 48, 3, true, 8, false]);
    assertEquals(await facts("inside/deep.png"), [48, 48, 3, false, 16, false]);
    assertEquals(await facts("inside/wide.png"), [48, 48, 3, false, 8, true]);
    assertEquals(await facts("inside/inks.png"), [48, 48, 3, false, 8, false]);
    assertEquals(await facts("inside/turned.png"), [24, 48, 3, false, 8, true]); // sharp adds sRGB's profile
    close((await restored(folder, "inside/alpha.png")).alpha!.data, Array(48 * 48).fill(127 / 255), 1e-6);
    const deep = (await restored(folder, "inside/deep.png")).image.data;
    assert(deep.some((value) => Math.abs(value * 255 - Math.round(value * 255)) > 0.01));
    const notes = events.flatMap((event) => event.kind === "note" ? [event.text] : []);
    assert(notes.includes("in/inside/inks.jpeg: CMYK converted to RGB"), notes.join("\n"));
    assert(
      notes.some((text) => text.includes("trained at 32 px")) && notes.some((text) => /^memory: about/.test(text)),
    );
  }),
);

tensorTest(
  "restoreFiles() keeps finished results, and says so where they were made in another way",
  onPictures(2, async (folder) => {
    assertEquals((await finish(requestIn(folder))).output, { made: 2, kept: 0, faults: [] });
    const first = await Deno.readFile(join(folder, "out", "0.png"));
    await Deno.remove(join(folder, "out", "1.png"));
    const again = await finish(requestIn(folder));
    assertEquals(again.output, { made: 1, kept: 1, faults: [] });
    const never = requestIn(folder, { start: () => Promise.reject(new Error("nothing is to be done")) });
    assertEquals((await finish(never)).output, { made: 0, kept: 2, faults: [] });

    const other = (changes: Partial<RestoreRequest["settings"]>) =>
      requestIn(folder, { settings: { steps: 1, seed: 0, colourFix: "wavelet", ...changes } });
    await assertRejects(() => finish(other({ steps: 2 })), UsageError, "was made with steps 1: current value is 2");
    await assertRejects(() => finish(other({ colourFix: "none" })), UsageError, "made with colourFix wavelet");
    await assertRejects(() => finish(other({ overlap: 4 })), UsageError, "made with overlap 8");
    assertEquals((await finish({ ...other({ seed: 1 }), overwrite: true })).output.made, 2);
    assert(String(await Deno.readFile(join(folder, "out", "0.png"))) !== String(first));
    assertEquals((await finish({ ...requestIn(folder), overwrite: true })).output.made, 2);
    assertEquals(await Deno.readFile(join(folder, "out", "0.png")), first);

    await Deno.writeFile(join(folder, "in", "0.png"), await pictureFile(7, 12));
    await assertRejects(() => finish(requestIn(folder)), UsageError, "made with source");
    await Deno.writeFile(join(folder, "out", "0.png"), await pictureFile(7, 12));
    await assertRejects(() => finish(requestIn(folder)), UsageError, "current value is another file");
    await writeSmallRun(join(folder, "runs"), { arm: true });
    await Deno.remove(join(folder, "out", "0.png"));
    await assertRejects(() => finish(requestIn(folder)), UsageError, "made with network");
  }),
);

tensorTest(
  "restoreFiles() does the rest where files cannot be used, and stops between tiles with nothing half written",
  onPictures(2, async (folder) => {
    const whole = await pictureFile(5, 12), input = join(folder, "in");
    await Deno.writeFile(join(input, "cut.png"), whole.subarray(0, whole.length / 2));
    await Deno.writeTextFile(join(input, "text.jpg"), "no image at all");
    await Deno.symlink(join(folder, "nowhere"), join(input, "gone.png"));
    const { made, faults } = (await finish(requestIn(folder))).output;
    assertEquals(made, 2);
    assertEquals(
      faults.map((fault) => ["cut.png", "gone.png", "text.jpg"].find((name) => fault.includes(name))).sort(),
      [
        "cut.png",
        "gone.png",
        "text.jpg",
      ],
    );

    await Deno.remove(join(folder, "out"), { recursive: true });
    const stop = new AbortController();
    const run = restoreFiles(requestIn(folder, { signal: stop.signal }));
    await assertRejects(
      async () => {
        for await (const event of run) if (event.kind === "stage" && event.index === 2) stop.abort();
      },
      StoppedError,
      "Stopped after 1 of 4 images",
    );
    assertEquals(await filesBelow(join(folder, "out")), ["0.png", "lock"].map((name) => join(folder, "out", name)));
    assertEquals((await finish(requestIn(folder))).output.kept, 1);
  }),
);

tensorTest(
  "restoreFiles() says in one line what is wrong before anything is loaded",
  onPictures(1, async (folder) => {
    const start = () => Promise.reject(new Error("the engine was started"));
    const refuses = async (changes: Partial<RestoreRequest>, kind: new (message: string) => Error, text: string) => {
      await assertRejects(() => finish(requestIn(folder, { start, ...changes })), kind, text);
    };
    const settings = { steps: 1, seed: 0, colourFix: "none" } as const;
    await Deno.mkdir(join(folder, "empty"));
    await refuses({ inputs: [join(folder, "empty")] }, DataError, "must hold some");
    await refuses({ inputs: [join(folder, "missing")] }, DataError, "must exist");
    await refuses({ inputs: [join(folder, "out", "x.png")] }, UsageError, "outside of the results");
    await refuses({ settings: { ...settings, tile: 30 } }, UsageError, "--tile must be a positive multiple of 4");
    await refuses({ settings: { ...settings, overlap: 32 } }, UsageError, "--overlap must be at most 28");
    await refuses({ memoryLimit: 1e6 }, RefusedError, "an image of 12 x 12 as about");
    await refuses({ network: { run: join(folder, "none"), loras: [] } }, RefusedError, "task ablation` makes one");
    await refuses(
      { network: { run: join(folder, "runs"), arm: "x", loras: [] } },
      UsageError,
      "has trained sft: current",
    );
    const lora = join(folder, "lora.safetensors"), checkpoint = join(folder, "in");
    await refuses({ network: { run: "", checkpoint, loras: [] } }, DataError, "a folder without them");
    const single = join(folder, "in", "0.png");
    await refuses({ network: { run: "", checkpoint: single, loras: [] } }, DataError, "a file of another kind");
    await refuses({ network: { run: join(folder, "runs"), loras: [lora] } }, InputOutputError, lora);
    await Deno.writeTextFile(join(folder, "file"), "in the way");
    await refuses({ out: join(folder, "file") }, InputOutputError, join(folder, "file"));
    await refuses({ out: join(folder, "file", "out") }, InputOutputError, join(folder, "file"));
  }),
);

tensorTest(
  "restoreFiles() makes neither of two results of one name, and does the rest; a result that was cut is made again",
  onPictures(2, async (folder) => {
    await Deno.copyFile(join(folder, "in", "0.png"), join(folder, "in", "0.webp"));
    const { made, faults } = (await finish(requestIn(folder))).output, result = join(folder, "out", "1.png");
    assertEquals([made, faults.length], [1, 1]);
    assert(faults[0].includes("names must differ") && faults[0].includes("0.png, ") && faults[0].includes("0.webp"));
    const whole = await Deno.readFile(result);
    await Deno.truncate(result, whole.length - 20);
    assertEquals((await finish(requestIn(folder))).output, { made: 1, kept: 0, faults });
    assertEquals(await Deno.readFile(result), whole);
    assertEquals((await finish(requestIn(folder))).output, { made: 0, kept: 1, faults });
  }),
);

tensorTest(
  "restoreFiles() leaves out an image that does not fit into the memory, says which would, and does the rest",
  onPictures(1, async (folder) => {
    const big = join(folder, "in", "big.png"), memoryLimit = 2 * 2 ** 30;
    await sharp({ create: { width: 6000, height: 5000, channels: 3, background: "gray" } }).png().toFile(big);
    const { made, faults } = (await finish(requestIn(folder, { memoryLimit }))).output;
    assertEquals([made, faults.length], [1, 1]);
    const [, width, height] = /its 6000 x 5000 pixels take about 62\.6 GiB .*\((\d+) x (\d+) would fit\)/
      .exec(faults[0])!.map(Number);
    assert(width > 500 && height > 400 && width < 1200, faults[0]);
    await Deno.remove(big);
    await sharp({ create: { width, height, channels: 3, background: "gray" } }).png().toFile(big);
    const next = restoreFiles(requestIn(folder, { memoryLimit, start: () => Promise.reject(new Error("it fits")) }));
    await assertRejects(() => Array.fromAsync(next), Error, "it fits");
    const streamed = { run: join(folder, "runs"), loras: [], weights: "streamed" } as const;
    await assertRejects(
      () => finish(requestIn(folder, { network: streamed })),
      UsageError,
      "only FLUX can be streamed",
    );
  }),
);

tensorTest(
  "restoreFiles() writes no result that is not finite, and refuses weights that are whole numbers",
  onPictures(1, async (folder) => {
    const path = join(folder, "runs", "stages", `sft-${"a".repeat(16)}`, "params.safetensors");
    const { tensors, metadata } = decodeTensors(await Deno.readFile(path), path), name = "proj_out.bias";
    const broken = { ...tensors, [name]: { ...tensors[name], data: new Float32Array(tensors[name].data.length) } };
    broken[name].data[0] = NaN;
    await Deno.writeFile(path, encodeTensors(broken, metadata));
    const picture = join(folder, "in", "0.png");
    await assertRejects(() => finish(requestIn(folder)), TrainingError, `Cannot restore ${picture} as every value`);
    assertEquals(await filesBelow(join(folder, "out")), [join(folder, "out", "lock")]);
    const { shape, data } = tensors[name];
    await Deno.writeFile(path, encodeTensors({ ...tensors, [name]: { shape, data: Int32Array.from(data) } }, metadata));
    await assertRejects(() => finish(requestIn(folder)), DataError, `no floating-point type: ${name} int32`);
  }),
);

tensorTest(
  "restoreFiles() finds the newest finished run, one that is named, and its arms",
  onPictures(1, async (folder) => {
    const runs = join(folder, "runs");
    await writeSmallRun(runs, { name: "table3-new", size: 16, arm: true });
    await writeSmallRun(runs, { name: "table3-unfinished", size: 64, state: "stopped" });
    const label = async (network: Partial<RestoreRequest["network"]>) => {
      const request = requestIn(folder, { overwrite: true, network: { run: runs, loras: [], ...network } });
      return (await finish(request)).events.flatMap((event) => event.kind === "note" ? [event.text] : [])[0];
    };
    assertEquals(await label({}), `small model of ${runs}/table3-new: sobolev-asdpo, seed 0, trained at 16 px`);
    const tuned = await Deno.readFile(join(folder, "out", "0.png"));
    assertEquals(await label({ arm: "sft" }), `small model of ${runs}/table3-new: sft, seed 0, trained at 16 px`);
    assert(String(await Deno.readFile(join(folder, "out", "0.png"))) !== String(tuned));
    const named = join(runs, "table3-smoke-0");
    assertEquals(await label({ run: named }), `small model of ${named}: sft, seed 0, trained at 32 px`);
    const stage = join(runs, "stages", `sft-${"a".repeat(16)}`);
    await assertRejects(() => label({ checkpoint: stage }), UsageError, "--tile must be the size");
    // What `deno task train --backbone small` makes on such a stage.
    const lora = join(folder, "lora.safetensors"),
      settings = { steps: 1, seed: 0, colourFix: "none", tile: 32 } as const;
    await writeAdapter({ backbone: "small", checkpoint: stage }, lora);
    const network = { run: "", checkpoint: stage, loras: [lora] }, out = join(folder, "adapted");
    assertEquals((await finish(requestIn(folder, { network, settings, out }))).output.made, 1);
  }),
);
