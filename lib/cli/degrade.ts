/** `deno task degrade`: low-quality versions of a folder of images, with the recipe of each. */
import { join } from "node:path";
import {
  canonicalJson,
  DataError,
  lockFolder,
  progressMeter,
  readJson,
  StoppedError,
  UsageError,
  writeJson,
} from "../core/mod.ts";
import { degradationPresets, listImages } from "../dataset/mod.ts";
import { progressText } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { writeCoco, writeText } from "./degrade/annotations.ts";
import { degradeJobs } from "./degrade/jobs.ts";
import { leftovers } from "./degrade/leftovers.ts";
import { writeLabels } from "./degrade/labels.ts";
import { degradeAll, type Outcome } from "./degrade/pool.ts";
import { readReplay } from "./degrade/replay.ts";
import { settingsOf } from "./degrade/settings.ts";
import { helpText, type Option, readArguments, wholeNumber } from "./options.ts";

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
    help: "replay an earlier run's manifest.json or recipes/ instead of drawing",
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
  const out = String(values.out);
  const patches = values.patches === undefined ? null : wholeNumber("patches", values.patches, 1, 1);
  const jobs = degradeJobs(await listImages(operands), {
    out,
    settings: settingsOf(values),
    patches,
    strips: wholeNumber("strips", values.strips, 8),
    replay: values.replay === undefined ? null : await readReplay(String(values.replay)),
  });
  using _held = await lockFolder(out);
  await claimFolder(out, { ...settingsOf(values), replay: values.replay ?? null });
  const workers = wholeNumber("workers", values.workers, Math.max(1, navigator.hardwareConcurrency >> 1), 1);
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
  const settings = settingsOf(values);
  const unfit = [
    ...(values.coco === undefined ? [] : await writeCoco(out, String(values.coco), settings.resize!, outcomes)),
    ...(values.labels === undefined ? [] : await writeLabels(out, String(values.labels), outcomes)),
    ...(values.text === undefined ? [] : await writeText(out, String(values.text), outcomes)),
  ];
  await report(out, settings, [...outcomes, ...unfit]);
});

/** Results of other settings must not be written over: the folder keeps the settings that it was begun with. */
async function claimFolder(out: string, settings: Record<string, unknown>): Promise<void> {
  const path = join(out, "settings.json");
  const begun = await Deno.stat(path).then(() => true, () => false);
  if (!begun) return await writeJson(path, settings);
  const known = await readJson(path) as Record<string, unknown>;
  const other = Object.keys(settings).find((key) => canonicalJson(known[key] ?? null) !== canonicalJson(settings[key]));
  if (other !== undefined) {
    throw new UsageError(
      `Cannot write to ${out} as its results have ${other} ${canonicalJson(known[other] ?? null)}: ` +
        `current value is ${canonicalJson(settings[other])}; name another --out`,
    );
  }
}

async function report(out: string, settings: unknown, outcomes: readonly Outcome[]): Promise<void> {
  const faults = outcomes.filter((outcome) => "fault" in outcome);
  const results = outcomes.flatMap((outcome) => "results" in outcome ? outcome.results : []);
  const patches = results.flatMap(({ record }) => record === null ? [] : [record]);
  await writeJson(join(out, "manifest.json"), { version: 1, settings, patches });
  await writeJson(join(out, "quarantine.json"), faults.map(({ job, fault }) => ({ file: job.path, reason: fault })));
  const count = (state: string) => results.filter((result) => result.state === state).length;
  const skipped = count("skipped");
  console.log(`${out}: ${count("made")} made, ${count("kept")} kept${skipped ? `, ${skipped} too small` : ""}`);
  const old = await leftovers(out, new Set(patches.map(({ name }) => name)));
  if (old.length > 0) {
    console.error(`${out} also holds ${old.length} results that are not of this run, such as ${old[0]}: remove them`);
  }
  for (const { fault } of faults) console.error(`left out: ${fault}`);
  if (faults.length > 0) {
    throw new DataError(`Cannot use ${faults.length} of ${outcomes.length} files: ${join(out, "quarantine.json")}`);
  }
}
