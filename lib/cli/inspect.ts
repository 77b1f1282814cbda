/** `deno task inspect`: what a folder of images holds, and what is wrong with it. */
import { join } from "node:path";
import { DataError, lockFolder, progressMeter, StoppedError, UsageError, writeJson } from "../core/mod.ts";
import {
  centredPair,
  type Inspection,
  inspectSet,
  openSet,
  readEntry,
  setLayouts,
  type SetName,
} from "../dataset/mod.ts";
import { crop, writePng } from "../image/mod.ts";
import { progressText, textTable } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, readArguments, wholeNumber } from "./options.ts";

const names = Object.keys(setLayouts) as SetName[];
const options: Record<string, Option> = {
  set: { type: "string", value: "NAME", help: `${names.join(", ")} (default: recognised by its files)` },
  manifest: { type: "string", value: "FILE", help: "write every file with its size and SHA-256 as JSON" },
  crops: { type: "string", value: "DIR", help: "write the centre crops of all pairs, with their list" },
  size: { type: "string", value: "PX", help: "side of a low-resolution centre crop (default: 256)" },
  json: { type: "boolean", help: "print the manifest instead of a table" },
  help: { type: "boolean", help: "print this" },
};
const about = "Decodes every image of a data set and checks counts, pairs, ratio 4, sides and duplicates.\n" +
  "The exit code is 65 if files cannot be used; other problems are printed.";

await runCommand(async (signal) => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task inspect DIR [options]", about, options));
  if (operands.length !== 1) throw new UsageError("Cannot inspect as one folder is needed (--help explains)");
  const [folder] = operands;
  const name = names.find((candidate) => candidate === values.set);
  if (values.set !== undefined && name === undefined) {
    throw new UsageError(`Cannot read --set as it must be one of ${names.join(", ")}: current value is ${values.set}`);
  }
  let drawnAt = performance.now(), meter: ReturnType<typeof progressMeter> | undefined;
  const onProgress = (done: number, total: number) => {
    meter ??= progressMeter(total);
    const progress = meter(done);
    if (performance.now() - drawnAt < 2000) return;
    drawnAt = performance.now();
    console.error(progressText(progress, { label: "images" }));
  };
  const inspection = await inspectSet(folder, { name, signal, onProgress });
  if (values.manifest !== undefined) await writeJson(String(values.manifest), inspection);
  console.log(values.json ? JSON.stringify(inspection, null, 2) : describe(inspection));
  const uncut = values.crops === undefined
    ? []
    : await writeCrops(folder, String(values.crops), wholeNumber("size", values.size, 256, 1), inspection, signal);
  for (const reason of uncut) console.log(`left out: ${reason}`);
  const count = inspection.faults.length + uncut.length;
  if (count > 0) throw new DataError(`Cannot use ${count} files or pairs of ${folder}: they are listed above`);
});

function describe({ set, files, others, faults, problems }: Inspection): string {
  const groups = Map.groupBy(files, ({ id, role }) => `${id.slice(0, id.indexOf("/"))} ${role.toUpperCase()}`);
  const rows = [...groups].map(([label, group]) => {
    const range = (sides: number[]) => {
      const least = Math.min(...sides), most = Math.max(...sides);
      return least === most ? `${least}` : `${least}-${most}`;
    };
    const converted = group.filter(({ notes }) => notes.length > 0).length;
    const [width, height] = [range(group.map((file) => file.width)), range(group.map((file) => file.height))];
    return [label, String(group.length), width, height, converted === 0 ? "none" : String(converted)];
  });
  const notes = [...new Set(files.flatMap(({ notes }) => notes))].map((note) => `note: ${note}`);
  return [
    setLayouts[set].title,
    textTable(["images", "count", "width", "height", "converted"], rows),
    ...notes,
    ...(others.length > 0 ? [`not part of the set: ${others.length} images, such as ${others[0]}`] : []),
    ...problems.map((problem) => `problem: ${problem}`),
    ...faults.map(({ reason }) => `left out: ${reason}`),
    problems.length + faults.length === 0 ? "No problems." : "",
  ].filter(Boolean).join("\n");
}

/** Writes `lr/` and `hr/`, and `crops.json` with the boxes; says why pairs are left out, such as those of another ratio. */
async function writeCrops(
  folder: string,
  out: string,
  size: number,
  { set, faults }: Inspection,
  signal: AbortSignal,
): Promise<string[]> {
  if (setLayouts[set].ratio !== 4) {
    throw new DataError(
      `Cannot crop ${folder} as HR must have four times the sides of LR: current value is ${setLayouts[set].title}`,
    );
  }
  using _held = await lockFolder(out);
  const bad = new Set(faults.map(({ file }) => file));
  const opened = await openSet(folder, set), list = [], uncut: string[] = [], names = new Map<string, string>();
  for (const entry of opened.entries) {
    if (signal.aborted) throw new StoppedError(`Stopped after ${list.length} crops; the same command begins again`);
    if (entry.hr === null || entry.lr === null || bad.has(entry.hr) || bad.has(entry.lr)) continue;
    const name = entry.id.replaceAll(/[^\w.-]/g, "_"), other = names.get(name);
    try {
      if (other !== undefined) {
        throw new DataError(
          `Cannot name the crop of ${entry.id} as names must differ: current value is that of ${other}`,
        );
      }
      names.set(name, entry.id);
      const { hr, lr } = await readEntry(opened, entry), boxes = centredPair(lr!.image, size);
      await writePng(join(out, "lr", `${name}.png`), crop(lr!.image, boxes.lr));
      await writePng(join(out, "hr", `${name}.png`), crop(hr!.image, boxes.hr));
      list.push({ name, id: entry.id, ...boxes });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      uncut.push(error.message);
    }
  }
  if (list.length === 0) throw new DataError(`Cannot crop ${folder} as it must hold pairs: current value is none`);
  await writeJson(join(out, "crops.json"), { version: 1, set, size, crops: list });
  console.log(`${out}: ${list.length} pairs`);
  const smaller = list.filter(({ lr }) => Math.min(lr.width, lr.height) < size).length;
  if (smaller > 0) {
    const who = smaller === list.length ? `none of the ${smaller} pairs has` : `${smaller} of ${list.length} have not`;
    console.log(`note: ${who} low-resolution sides of ${size}: the largest part of a smaller image is taken (--size)`);
  }
  return uncut;
}
