/** `deno task negatives`: the adversary's training set, made by several restorers from a random share of pairs. */
import { join } from "node:path";
import { type CachedNegative, type CachedPair, NEGATIVES_FILE, type NegativesFile } from "../adversary/mod.ts";
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
import { encodePng, readImage } from "../image/mod.ts";
import { readRestorerName, restorerNames } from "../restorers/mod.ts";
import { progressText } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { choosePairs } from "./negatives/choose.ts";
import { keptNegatives } from "./negatives/kept.ts";
import { namedOutputs } from "./negatives/outputs.ts";
import { exportPairs, relativePath, soundPairs } from "./negatives/pairs.ts";
import { type NegativeMaker, openFolder, openMaker } from "./negatives/restorers.ts";
import { systemsText } from "./negatives/systems.ts";
import { helpText, list, oneOf, type Option, paths, readArguments, wholeNumber } from "./options.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "folder of the results (required)" },
  restorers: {
    type: "string",
    multiple: true,
    value: "A,B",
    help: `of ${restorerNames.join(", ")}, or realesrgan-general@0.5, its blend with its twin (default: none)`,
  },
  weights: { type: "string", value: "DIR", help: "folder of the restorers' safetensors files (default: weights)" },
  outputs: { type: "string", multiple: true, value: "NAME=DIR", help: "outputs of another system; may be repeated" },
  export: { type: "string", value: "DIR", help: "write the chosen low-resolution images, for other systems" },
  share: { type: "string", value: "PERCENT", help: "share of every set's pairs, from 1 to 100 (default: 25)" },
  seed: { type: "string", value: "N", help: "seed of the choice (default: 0)" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  systems: { type: "boolean", help: "list the systems that the paper compares, and what each needs" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Takes folders of pairs: of `deno task degrade`, or a data set. Outputs that are there already are kept, and stay on\n" +
  "the list beside those of other restorers that a later run adds for the same pairs.\n" +
  "Files that cannot be used are left out and listed, and the exit code is 65.\n" +
  "`deno task ablation --negatives DIR` trains on the result.";

await runCommand(async (signal) => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task negatives DIR... --out DIR [options]", about, options));
  if (values.systems) return console.log(systemsText());
  const restorers = list(values.restorers) ?? [], given = paths(values.outputs) ?? [];
  const asked = restorers.length + given.length;
  if (operands.length === 0 || (asked === 0 ? values.export === undefined : values.out === undefined)) {
    throw new UsageError(
      "Cannot make negatives as folders of pairs, --out, and --restorers or --outputs are needed (--help explains)",
    );
  }
  for (const name of restorers) readRestorerName(name);
  const outputs = await namedOutputs(given);
  const percent = wholeNumber("share", values.share, 25, 1);
  if (percent > 100) throw new UsageError(`Cannot read --share as it must be at most 100: current value is ${percent}`);
  const seed = wholeNumber("seed", values.seed, 0);
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const problems: string[] = [];
  const pairs = await soundPairs(await choosePairs(operands, percent / 100, seed), problems, signal);
  if (values.export !== undefined) await exportPairs(pairs, String(values.export));
  if (asked > 0) {
    const out = String(values.out);
    const listed = pairs.map((pair) => ({ ...pair, hr: relativePath(out, pair.hr), lr: relativePath(out, pair.lr) }));
    if (restorers.length > 0) {
      console.error((await startEngine({ engine, install: true, onProgress: console.error })).line);
    }
    using _held = await lockFolder(out);
    const made = await keptNegatives(out, listed, [...restorers, ...outputs.map(({ name }) => name)]);
    for (const source of [...restorers, ...outputs]) {
      using maker = typeof source === "string"
        ? await openMaker(source, String(values.weights ?? "weights"))
        : await openFolder(source, pairs, (problem) => problems.push(problem));
      made.push(...await makeAll(maker, pairs, out, problems, signal));
    }
    const file: NegativesFile = {
      version: 3,
      seed,
      share: percent / 100,
      pairs: listed,
      negatives: made,
    };
    await writeJson(join(out, NEGATIVES_FILE), file);
    console.log(`${out}: ${counted(made.length, "negative")} of ${counted(pairs.length, "pair")}`);
  }
  for (const problem of problems) console.error(`left out: ${problem}`);
  if (problems.length > 0) throw new DataError(`Cannot use ${problems.length} files or outputs: they are listed above`);
});

async function makeAll(
  maker: NegativeMaker,
  pairs: readonly CachedPair[],
  out: string,
  problems: string[],
  signal: AbortSignal,
): Promise<CachedNegative[]> {
  const meter = progressMeter(pairs.length), made: CachedNegative[] = [];
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
async function makeOne(maker: NegativeMaker, pair: CachedPair, out: string, signal: AbortSignal) {
  const key = contentHash({ lr: pair.sha256.lr, restorer: maker.hash });
  const file = `${maker.name}/${pair.name}.png`, path = join(out, file), record = join(out, "records", `${file}.json`);
  const kept = await keptHash(path, record, key);
  if (kept !== null) return { pair: pair.id, restorer: maker.name, file, sha256: kept };
  const output = await maker.make(pair, (await readImage(pair.lr)).image, signal);
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
