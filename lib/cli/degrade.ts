/** `deno task degrade`: low-quality versions of a folder of images, with the recipe of each. */
import { lockFolder, progressMeter, StoppedError, UsageError } from "../core/mod.ts";
import { degradationPresets, listImages } from "../dataset/mod.ts";
import { progressText } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { readCoco, readFrames, writeCoco, writeText } from "./degrade/annotations.ts";
import { claimFolder, requireApart } from "./degrade/claim.ts";
import { degradeJobs } from "./degrade/jobs.ts";
import { writeLabels } from "./degrade/labels.ts";
import { degradeAll } from "./degrade/pool.ts";
import { readReplay } from "./degrade/replay.ts";
import { report } from "./degrade/report.ts";
import { settingsOf } from "./degrade/settings.ts";
import { helpText, type Option, type OptionValues, readArguments, wholeNumber } from "./options.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "folder of the results (required)" },
  preset: { type: "string", value: "NAME", help: `${degradationPresets.join(", ")} (default: hard)` },
  seed: { type: "string", value: "N", help: "seed of everything that is drawn (default: 0)" },
  workers: { type: "string", value: "N", help: "images at a time; changes no byte (default: half of the cores)" },
  size: { type: "string", value: "PX", help: "side of HR patches, a multiple of 4 (default: whole images)" },
  patches: { type: "string", value: "N", help: "patches in all, spread over the images (default: one an image)" },
  crop: { type: "string", value: "WHERE", help: "random or centre (default: random)" },
  small: { type: "string", value: "POLICY", help: "images under a patch: largest, skip or refuse (default: largest)" },
  resize: { type: "string", value: "WxH", help: "resize every image first, such as 512x512 for COCO" },
  "plain-truth": { type: "boolean", help: "keep the truth unsharpened where the recipe sharpens" },
  coco: { type: "string", value: "FILE", help: "COCO annotations to scale with --resize (then 512x512 by default)" },
  labels: {
    type: "string",
    value: "DIR",
    help: "label maps, such as ADE20K's, resized and cut as the truth into labels/",
  },
  text: {
    type: "string",
    value: "FILE",
    help: "words of road-text frames, PaddleOCR's list, moved as the truth into text.txt",
  },
  replay: {
    type: "string",
    value: "LIST",
    help: "replay an earlier run's manifest.json or recipes/ instead of drawing: they decide preset, seed and patches",
  },
  strips: { type: "string", value: "N", help: "images with a strip of every stage (default: 8)" },
  help: { type: "boolean", help: "print this" },
};
const about = "Makes lr/, hr/ (the truth, cut to match), recipes/ and manifest.json. What is done already is kept.\n" +
  "Files that cannot be used are listed in quarantine.json, the others are done, and the exit code is 65.";

await runCommand(async (signal) => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task degrade DIR... --out DIR [options]", about, options));
  if (operands.length === 0 || values.out === undefined) {
    throw new UsageError("Cannot degrade as a folder of images and --out are needed (--help explains)");
  }
  const out = String(values.out), settings = settingsOf(values), replayed = values.replay !== undefined;
  requireApart(operands, out);
  if (replayed) requireNothingDrawn(values);
  const patches = values.patches === undefined ? null : wholeNumber("patches", values.patches, 1, 1);
  const jobs = degradeJobs(await listImages(operands), {
    out,
    settings,
    patches,
    strips: wholeNumber("strips", values.strips, 8),
    replay: replayed ? await readReplay(String(values.replay)) : null,
  });
  const workers = wholeNumber("workers", values.workers, Math.max(1, navigator.hardwareConcurrency >> 1), 1);
  const coco = values.coco === undefined ? null : await readCoco(String(values.coco));
  const frames = values.text === undefined ? null : await readFrames(String(values.text));
  // A replay is what its list says: these settings decide nothing.
  const claimed = replayed ? { replay: values.replay, resize: settings.resize } : { ...settings, replay: null };
  using _held = await lockFolder(out);
  await claimFolder(out, claimed);
  const meter = progressMeter(jobs.length);
  const interactive = Deno.stderr.isTerminal();
  let drawnAt = performance.now();
  const outcomes = await degradeAll(jobs, {
    count: workers,
    signal,
    onDone: (done) => {
      const progress = meter(done);
      if (done < jobs.length && performance.now() - drawnAt < (interactive ? 200 : 10_000)) return;
      drawnAt = performance.now();
      console.error(progressText(progress, { label: "images" }));
    },
  });
  if (signal.aborted && outcomes.length < jobs.length) {
    throw new StoppedError(`Stopped after ${outcomes.length} of ${jobs.length} images; the same command goes on`);
  }
  const notes: string[] = [], note = (text: string) => notes.push(text);
  const unfit = [
    ...(coco === null ? [] : await writeCoco(out, coco, settings.resize!, outcomes, note)),
    ...(values.labels === undefined ? [] : await writeLabels(out, String(values.labels), outcomes)),
    ...(frames === null ? [] : await writeText(out, frames, outcomes, note)),
  ];
  await report(out, outcomes, { settings: claimed, size: settings.size, unfit, notes });
});

/** What a replayed recipe decides cannot be asked for beside it; --coco alone says which sides its boxes are scaled to. */
function requireNothingDrawn(values: OptionValues): void {
  const drawn = ["preset", "seed", "size", "patches", "crop", "small", "plain-truth"];
  const named = [...drawn, ...values.coco === undefined ? ["resize"] : []].find((name) => values[name] !== undefined);
  if (named === undefined) return;
  throw new UsageError(
    `Cannot take --${named} with --replay as the replayed recipes decide it: current value is ${values[named]}`,
  );
}
