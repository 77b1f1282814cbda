/** `deno task negatives`: the adversary's training set, made by several restorers from a random share of pairs. */
import { join } from "node:path";
import {
  AsasrError,
  contentHash,
  DataError,
  lockFolder,
  progressMeter,
  readBytes,
  readJson,
  sha256Hex,
  StoppedError,
  UsageError,
  writeAtomic,
  writeJson,
} from "../core/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import { decodeImage, encodePng } from "../image/mod.ts";
import { publishedSystems } from "../restorers/mod.ts";
import { progressText, textTable } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { choosePairs, type ChosenPair } from "./negatives/choose.ts";
import { makerNames, type NegativeMaker, openFolder, openMaker } from "./negatives/restorers.ts";
import { helpText, list, oneOf, type Option, readArguments, wholeNumber } from "./options.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "folder of the results (required)" },
  restorers: { type: "string", multiple: true, value: "A,B", help: `of ${makerNames.join(", ")} (default: none)` },
  weights: { type: "string", value: "DIR", help: "folder of the restorers' safetensors files (default: weights)" },
  outputs: { type: "string", multiple: true, value: "NAME=DIR", help: "outputs of another system; may be repeated" },
  share: { type: "string", value: "PERCENT", help: "share of every set's pairs, from 1 to 100 (default: 25)" },
  seed: { type: "string", value: "N", help: "seed of the choice (default: 0)" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  systems: { type: "boolean", help: "list the systems that the paper compares and what each needs" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Takes folders of pairs: of `deno task degrade`, or a data set. Outputs that are there already are kept.\n" +
  "Files that cannot be used are left out and listed, and the exit code is 65.";

await runCommand(async (signal) => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task negatives DIR... --out DIR [options]", about, options));
  if (values.systems) return console.log(systemsTable());
  const restorers = list(values.restorers) ?? [], outputs = list(values.outputs) ?? [];
  if (operands.length === 0 || values.out === undefined || restorers.length + outputs.length === 0) {
    throw new UsageError(
      "Cannot make negatives as folders of pairs, --out, and --restorers or --outputs are needed (--help explains)",
    );
  }
  const out = String(values.out), percent = wholeNumber("share", values.share, 25, 1);
  if (percent > 100) throw new UsageError(`Cannot read --share as it must be at most 100: current value is ${percent}`);
  const seed = wholeNumber("seed", values.seed, 0);
  const pairs = await choosePairs(operands, percent / 100, seed);
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  if (restorers.length > 0) {
    console.error((await startEngine({ engine, install: true, onProgress: console.error })).line);
  }
  using _held = await lockFolder(out);
  const problems: string[] = [], made: Negative[] = [];
  for (const text of [...restorers, ...outputs]) {
    using maker = restorers.includes(text)
      ? await openMaker(text, String(values.weights ?? "weights"))
      : await openFolder(text, pairs, (problem) => problems.push(problem));
    made.push(...await makeAll(maker, pairs, out, problems, signal));
  }
  await writeJson(join(out, "negatives.json"), { version: 1, seed, share: percent / 100, pairs, negatives: made });
  console.log(`${out}: ${made.length} negatives of ${pairs.length} pairs`);
  for (const problem of problems) console.error(`left out: ${problem}`);
  if (problems.length > 0) throw new DataError(`Cannot use ${problems.length} files or outputs: they are listed above`);
});

/** One output, as `negatives.json` lists it. */
interface Negative {
  readonly pair: string;
  readonly restorer: string;
  readonly file: string;
  readonly sha256: string;
}

async function makeAll(
  maker: NegativeMaker,
  pairs: readonly ChosenPair[],
  out: string,
  problems: string[],
  signal: AbortSignal,
): Promise<Negative[]> {
  const meter = progressMeter(pairs.length), made: Negative[] = [];
  let drawnAt = performance.now();
  for (const [index, pair] of pairs.entries()) {
    if (signal.aborted) {
      throw new StoppedError(
        `Stopped ${maker.name} after ${index} of ${pairs.length} images; the same command goes on`,
      );
    }
    try {
      const negative = await makeOne(maker, pair, out, signal);
      if (negative !== null) made.push(negative);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push((error as AsasrError).message);
    }
    const progress = meter(index + 1);
    if (index + 1 < pairs.length && performance.now() - drawnAt < 5000) continue;
    drawnAt = performance.now();
    console.error(progressText(progress, { label: maker.name }));
  }
  return made;
}

/** Makes one output, or keeps it: its record is written after it and names what it was made from. */
async function makeOne(maker: NegativeMaker, pair: ChosenPair, out: string, signal: AbortSignal) {
  const bytes = await readBytes(pair.lr);
  const key = contentHash({ lr: sha256Hex(bytes), restorer: maker.hash });
  const file = `${maker.name}/${pair.name}.png`, path = join(out, file), record = join(out, "records", `${file}.json`);
  const kept = await keptHash(path, record, key);
  if (kept !== null) return { pair: pair.id, restorer: maker.name, file, sha256: kept };
  const output = await maker.make(pair, (await decodeImage(bytes, pair.lr)).image, signal);
  if (output === null) return null;
  const png = await encodePng(output), sha256 = sha256Hex(png);
  await writeAtomic(path, png);
  await writeJson(record, { key, sha256 });
  return { pair: pair.id, restorer: maker.name, file, sha256 };
}

async function keptHash(path: string, record: string, key: string): Promise<string | null> {
  try {
    const known = await readJson(record) as { key?: unknown; sha256?: unknown } | null;
    const sha256 = sha256Hex(await readBytes(path));
    return known?.key === key && known.sha256 === sha256 ? sha256 : null;
  } catch (error) {
    if (error instanceof AsasrError) return null; // not there, or damaged: made again
    throw error;
  }
}

function systemsTable(): string {
  const rows = Object.entries(publishedSystems).map(([name, { title, repository, needs }]) => [
    name,
    title,
    repository,
    needs,
  ]);
  const table = textTable(["name", "system", "repository", "needs"], rows);
  return `${table}\nNot checked against the repositories: their own pages decide what is needed.`;
}
