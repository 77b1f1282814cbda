/** `deno task evaluate`: measures folders of results against their truths. */
import { join } from "node:path";
import { DataError, formatGibibytes, lockFolder, peakMemory, UsageError, writeAtomic, writeJson } from "../core/mod.ts";
import { listImages, loadImages } from "../dataset/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import { evaluateFolders, evaluationCsv, type MemoryNeeds, requireSameEvaluation } from "../experiment/mod.ts";
import {
  chooseMetrics,
  fitNiqe,
  type ImageMetric,
  imageMetrics,
  missingWeights,
  type Protocol,
  protocolGaps,
  protocolMetrics,
  type ProtocolName,
  protocols,
  protocolUses,
  type SpectralMetric,
  spectralMetrics,
  writeNiqeModel,
} from "../metrics/mod.ts";
import { catalogueText, evaluationText } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, list, oneOf, type Option, type OptionValues, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  sr: {
    type: "string",
    multiple: true,
    value: "DIR",
    help: "folder of results; may be repeated: the first is compared",
  },
  hr: { type: "string", value: "DIR", help: "folder of truths, paired by name; without it: metrics that need none" },
  lr: { type: "string", value: "DIR", help: "folder of low-resolution images: adds bicubic as one more folder" },
  suffix: {
    type: "string",
    multiple: true,
    value: "A,B",
    help: "what names of results have behind those of truths, such as _out",
  },
  prefix: {
    type: "string",
    multiple: true,
    value: "A,B",
    help: "or before them, such as SET_all_ of `deno task negatives`",
  },
  metrics: {
    type: "string",
    multiple: true,
    value: "A,B",
    help: "of --list (default: all of the protocol that the folders allow)",
  },
  protocol: { type: "string", value: "NAME", help: `${Object.keys(protocols).join(", ")} (default: paper)` },
  weights: { type: "string", value: "DIR", help: "folder of the weights that metrics need (default: none)" },
  engine: { type: "string", value: "NAME", help: "of networks: auto, cpu, gpu or wasm (default: auto)" },
  out: { type: "string", value: "DIR", help: "where evaluation.json and evaluation.csv go (default: evaluation)" },
  "fit-niqe": {
    type: "string",
    value: "FILE",
    help: "fit NIQE's model to the sharp images of --hr, write it, and stop",
  },
  list: { type: "boolean", help: "list metrics (range, direction, source, files) and protocols (when to take which)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Measures results image by image, prints the table with its protocol, and writes it as JSON and CSV. Files that cannot\n" +
  "be used are reported, the rest is done, and the exit code is 65. The same command again goes on where it stopped;\n" +
  "--out takes more --sr and other metrics of the same truths and protocol, and refuses any other.\n" +
  'A metric whose weights are not there is "not available"; data/README.md says where they come from.';

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task evaluate --sr DIR [options]", about, options));
  if (values.list) return console.log(catalogueText([...imageMetrics, ...spectralMetrics], protocolUses));
  const protocol = protocols[oneOf("protocol", values.protocol, Object.keys(protocols) as ProtocolName[], "paper")];
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const hr = text(values.hr), lr = text(values.lr), sr = list(values.sr), weights = text(values.weights);
  if (values["fit-niqe"]) return await fit(String(values["fit-niqe"]), hr, protocol);
  if (!sr) throw new UsageError("Cannot evaluate as --sr must name a folder of results (--help lists the options)");
  if (lr && !hr) throw new UsageError("Cannot enlarge --lr as --hr must tell the size: current value is none");
  const names = list(values.metrics), metrics = chosen(names, protocol, hr !== undefined);
  if (weights !== undefined && !(await Deno.stat(weights).catch(() => null))?.isDirectory) {
    throw new DataError(`Cannot read weights as --weights must name a folder: current value is ${weights}`);
  }
  const out = String(values.out ?? "evaluation");
  await listImages([...sr, ...[hr, lr].filter((folder) => folder !== undefined)]); // before anything is written
  await requireSameEvaluation(out, { protocol, sr, hr, lr });
  using _held = await lockFolder(out);
  if (
    metrics.some((metric) => metric.level === "image" && metric.memory && missingWeights(metric, weights).length === 0)
  ) {
    console.error((await startEngine({ engine, onProgress: console.error })).line);
  }
  const evaluation = await evaluateFolders({
    sr,
    hr,
    lr,
    prefixes: list(values.prefix),
    suffixes: list(values.suffix),
    metrics,
    gaps: names ? [] : protocolGaps(protocol),
    protocol,
    weights,
    cache: out,
    signal,
    onMemory: (needs) => console.error(memoryText(needs)),
    onProgress: (done, total) => {
      if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`\r${done} of ${total} measured`));
    },
  });
  if (Deno.stderr.isTerminal()) console.error();
  await writeJson(join(out, "evaluation.json"), evaluation);
  await writeAtomic(join(out, "evaluation.csv"), evaluationCsv(evaluation));
  console.log(evaluationText(evaluation));
  console.log(`\nMemory: one pair of images at a time, ${formatGibibytes(peakMemory())} at the peak. Results: ${out}`);
  const { length } = evaluation.faults;
  if (length > 0) throw new DataError(`Cannot use ${length} files or values, listed above; the rest is done`);
});

type EvaluationMetric = ImageMetric | SpectralMetric;

function chosen(names: string[] | undefined, protocol: Protocol, paired: boolean): EvaluationMetric[] {
  const alone = (metric: EvaluationMetric) => metric.level === "image" && metric.reference === "none";
  if (!names) return protocolMetrics(protocol).filter((metric) => paired || alone(metric));
  const metrics = chooseMetrics(names, protocol);
  const lonely = metrics.find((metric) => !paired && !alone(metric));
  if (!lonely) return metrics;
  throw new UsageError(`Cannot measure ${lonely.name} as it compares with a truth: current value of --hr is none`);
}

function memoryText({ width, height, parts }: MemoryNeeds): string {
  const each = parts.map(({ label, bytes }) => `${label} ${formatGibibytes(bytes)}`).join(", ");
  return `Memory needed for images of up to ${width} x ${height}, about, one after the other: ${each}`;
}

async function fit(file: string, hr: string | undefined, { niqe }: Protocol): Promise<void> {
  if (!hr) throw new UsageError("Cannot fit NIQE's model as --hr must name sharp images: current value is none");
  const { images } = await loadImages([hr], { minSize: 96 + 2 * niqe.border });
  const rasters = async function* () {
    for (const image of images) yield await image.read();
  };
  await writeNiqeModel(
    file,
    await fitNiqe(rasters(), { choices: niqe, source: `fitted to ${images.length} images of ${hr}` }),
  );
  console.log(`Fitted to ${images.length} images: ${file}. Scores compare with each other, not with published ones.`);
}

function text(value: OptionValues[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}
