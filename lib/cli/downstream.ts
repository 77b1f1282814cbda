/** `deno task downstream`: scores of Table 2 from predictions and annotations in the standard formats. */
import { basename, extname } from "node:path";
import { DataError, lockFolder, StoppedError, UsageError } from "../core/mod.ts";
import {
  addDownstream,
  type DownstreamEntry,
  type DownstreamTask,
  downstreamTasks,
  type Predictions,
  scoreCoco,
  scoreOcr,
  scoreSegmentation,
  scoreStudy,
} from "../experiment/mod.ts";
import { downstreamText } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import {
  helpText,
  namedPath,
  oneOf,
  type Option,
  type OptionValues,
  paths,
  readOptions,
  wholeNumber,
} from "./options.ts";

const options: Record<string, Option> = {
  task: { type: "string", value: "NAME", help: `${downstreamTasks.join(", ")} (required)` },
  predictions: { type: "string", multiple: true, value: "NAME=PATH", help: "of a method; may be repeated" },
  annotations: {
    type: "string",
    value: "PATH",
    help: "truths of coco (JSON) and ocr (PaddleOCR's file, ICDAR's folder)",
  },
  labels: { type: "string", value: "DIR", help: "truths of segmentation: gray label maps, paired by name" },
  ranks: {
    type: "string",
    value: "FILE",
    help: "of a study: CSV with person,image and a column of ranks for each method",
  },
  classes: { type: "string", value: "N", help: "of segmentation (default: 150)" },
  "labels-from": { type: "string", value: "0|1", help: "first class of the labels; with 1, 0 is ignored (default: 1)" },
  "predictions-from": { type: "string", value: "0|1", help: "first class of the predictions (default: 0)" },
  overlap: { type: "string", value: "PERCENT", help: "of ocr: intersection over union to exceed (default: 50)" },
  paper: { type: "boolean", help: "print the paper's own values below ours" },
  out: { type: "string", value: "DIR", help: "where downstream.json and .csv collect all tasks (default: downstream)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Scores predictions on restored images and prints all scores so far with the columns of Table 2. Detection, segmentation\n" +
  "and OCR run elsewhere; data/README.md says which files are read. Label maps that cannot be used are left out and listed,\n" +
  "and the exit code is 65.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task downstream --task NAME [options]", about, options));
  if (values.task === undefined) {
    throw new UsageError(`Cannot score as --task must be one of ${downstreamTasks.join(", ")}: current value is none`);
  }
  const task = oneOf<DownstreamTask>("task", values.task, downstreamTasks, "ocr");
  const score = scorer(task, values), out = String(values.out ?? "downstream");
  let faults = 0;
  let results;
  for (const predictions of task === "study" ? [null] : named(values.predictions)) {
    if (signal.aborted) throw new StoppedError("Stopped: what was scored is kept");
    const entries = await score(predictions);
    faults += entries.reduce((sum, entry) => sum + entry.faults.length, 0);
    using _held = await lockFolder(out); // made for scores alone: nothing is left where there are none
    results = await addDownstream(out, entries);
  }
  console.log(downstreamText(results!, { paper: values.paper === true }));
  console.log(`\nResults: ${out}`);
  if (faults > 0) throw new DataError(`Cannot use ${faults} label maps, listed above; the rest is done`);
});

/** What scores one method, or a whole study. */
function scorer(
  task: DownstreamTask,
  values: OptionValues,
): (predictions: Predictions | null) => Promise<DownstreamEntry[]> {
  if (task === "study") {
    const ranks = needed("ranks", values, task);
    return () => scoreStudy(ranks);
  }
  if (task === "segmentation") {
    const labels = needed("labels", values, task);
    const from = (name: string, otherwise: "0" | "1") =>
      Number(oneOf(name, values[name], ["0", "1"], otherwise)) as 0 | 1;
    const choices = {
      classes: wholeNumber("classes", values.classes, 150, 1),
      labelsFrom: from("labels-from", "1"),
      predictionsFrom: from("predictions-from", "0"),
    };
    return async (predictions) => [await scoreSegmentation(predictions!, labels, choices)];
  }
  const annotations = needed("annotations", values, task);
  if (task === "coco") return async (predictions) => [await scoreCoco(predictions!, annotations)];
  const overlap = wholeNumber("overlap", values.overlap, 50) / 100;
  return async (predictions) => [await scoreOcr(predictions!, annotations, overlap)];
}

function needed(name: string, values: OptionValues, task: DownstreamTask): string {
  const value = values[name];
  if (typeof value === "string") return value;
  throw new UsageError(`Cannot score ${task} as --${name} must be given: current value is none`);
}

/** `NAME=PATH`, or a path alone, whose name is then the method's, without ending. */
function named(value: OptionValues[string]): Predictions[] {
  const all = paths(value) ?? [];
  if (all.length === 0) throw new UsageError("Cannot score as --predictions must be given: current value is none");
  const found = all.map((text): Predictions => {
    const { name, path } = namedPath(text, (path) => basename(path, extname(path)));
    return { method: name, path };
  });
  const names = found.map(({ method }) => method);
  if (new Set(names).size === names.length) return found;
  throw new UsageError(`Cannot score as every method may be named once: current values are ${names.join(", ")}`);
}
