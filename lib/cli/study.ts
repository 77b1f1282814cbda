/** `deno task study`: a blinded ranking of results by people, on this machine (Fig. 8, Eq. 47). */
import { join } from "node:path";
import { inputOutputError, lockFolder, UsageError, writeJson } from "../core/mod.ts";
import { openStudy, scoreStudy, type Study } from "../experiment/mod.ts";
import { downstreamText, saveFigure, studyFigure, studyHandler } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, namedPath, type Option, readArguments, wholeNumber } from "./options.ts";

const options: Record<string, Option> = {
  lr: { type: "string", value: "DIR", help: "the low-quality images, paired by name (required)" },
  images: { type: "string", value: "N", help: "draw so many images at random (default: all; the paper: 64)" },
  seed: { type: "string", value: "N", help: "of that draw (default: 0)" },
  out: { type: "string", value: "DIR", help: "where rankings and scores go (default: study)" },
  port: { type: "string", value: "N", help: "of the page; 0 takes a free one (default: 8100)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Serves a page on this machine where people rank the results of every method, DIR or NAME=DIR, on every image, beside the\n" +
  "low-quality image. Nobody sees which method is which. rankings.jsonl keeps every ranking as it is made, and the same\n" +
  "command goes on with a study. Ctrl-C ends it: Top-K ratios with intervals, scores.json and topk.png and .svg.";

await runCommand(async (signal) => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task study DIR... --lr DIR [options]", about, options));
  if (values.lr === undefined) {
    throw new UsageError("Cannot serve a study as --lr must be given: current value is none");
  }
  const out = String(values.out ?? "study");
  const port = wholeNumber("port", values.port, 8100);
  if (port > 65535) throw new UsageError(`Cannot listen as --port ends at 65535: current value is ${port}`);
  using _held = await lockFolder(out);
  const count = values.images === undefined ? undefined : wholeNumber("images", values.images, 0, 1);
  using study = await openStudy({
    methods: operands.map((text) => namedPath(text)),
    low: String(values.lr),
    out,
    count,
    seed: wholeNumber("seed", values.seed, 0),
  });
  await serve(study, port, signal);
  await conclude(study, out);
}, "The page is closed.");

/** Serve the page until the signal. */
async function serve(study: Study, port: number, signal: AbortSignal): Promise<void> {
  let handler: ReturnType<typeof studyHandler> | undefined;
  const started = () =>
    Deno.serve({
      hostname: "127.0.0.1",
      port,
      signal,
      onListen(address) {
        handler = studyHandler(study, {
          port: address.port,
          onRanking: (person, done) => console.log(`${person}: ${done} of ${study.total}`),
          onError: (error) => console.error(error.message),
        });
        console.log(`${study.methods.length} methods, ${study.total} images: http://127.0.0.1:${address.port}/`);
      },
    }, (request) => handler!(request));
  try {
    await started().finished;
  } catch (error) {
    throw inputOutputError("listen at", `port ${port}`, error);
  }
}

async function conclude(study: Study, out: string): Promise<void> {
  if ((await Deno.stat(study.rankingsPath)).size === 0) return console.log("Nobody has ranked an image yet.");
  const results = { version: 1 as const, entries: await scoreStudy(study.rankingsPath) };
  await writeJson(join(out, "scores.json"), results);
  const drawn = studyFigure(results);
  for (const ending of ["png", "svg"]) await saveFigure(join(out, `topk.${ending}`), drawn);
  console.log(downstreamText(results));
  console.log(`\nResults: ${out}`);
}
