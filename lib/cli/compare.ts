/** `deno task compare`: the same crops from any number of folders of results, as one picture (Figs. 1, 5, 9 to 13). */
import { basename } from "node:path";
import { UsageError } from "../core/mod.ts";
import {
  type ComparisonFolder,
  type CropRequest,
  openDetections,
  openLabelMaps,
  openTexts,
  type OverlaySource,
  readComparison,
} from "../experiment/mod.ts";
import { saveComparison } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import {
  helpText,
  type NamedPath,
  namedPath,
  oneOf,
  type Option,
  type OptionValues,
  paths,
  readOptions,
  wholeNumber,
} from "./options.ts";

const options: Record<string, Option> = {
  image: {
    type: "string",
    multiple: true,
    value: "ID@X,Y,W,H",
    help: "a row: this crop, or without @ all; repeatable",
  },
  sr: { type: "string", multiple: true, value: "NAME=DIR", help: "folder of a method's results; repeatable" },
  lr: { type: "string", value: "DIR", help: "low-quality images: the first column, LR" },
  hr: {
    type: "string",
    value: "DIR",
    help: "truths: the last column, HR; crops are in its pixels, else in those of the last --sr",
  },
  enlarge: {
    type: "string",
    value: "HOW",
    help: "of smaller images: nearest repeats pixels, bicubic (default: nearest)",
  },
  annotations: { type: "string", value: "FILE", help: "COCO annotations: drawn on HR; name what --detections found" },
  detections: { type: "string", multiple: true, value: "NAME=FILE", help: "COCO results of a column: boxes and masks" },
  texts: {
    type: "string",
    multiple: true,
    value: "NAME=PATH",
    help: "text regions of a column: PaddleOCR's file, ICDAR's folder",
  },
  labels: {
    type: "string",
    multiple: true,
    value: "NAME=DIR",
    help: "label maps of a column: gray PNG, a class a number",
  },
  score: { type: "string", value: "PERCENT", help: "least score of what is drawn (default: 30)" },
  columns: { type: "string", value: "N", help: "crops in a line (default: all up to 5, or half of them)" },
  zoom: { type: "string", value: "N", help: "repeat every pixel N times (default: crops about 216 wide)" },
  out: { type: "string", value: "FILE", help: "written as .png and .svg (default: comparison.png)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Puts the same crops side by side: at the left the whole image with the box of the crop, then the crop from every folder,\n" +
  "with detections, masks, text regions or segmentations drawn in. Images pair by their name without ending.";

await runCommand(async () => {
  const values = readOptions(Deno.args, options);
  if (values.help) {
    return console.log(helpText("deno task compare --sr NAME=DIR --image ID@X,Y,W,H [options]", about, options));
  }
  const requests = (paths(values.image) ?? []).map(request);
  if (requests.length === 0) throw new UsageError("Cannot compare as --image must be given: current value is none");
  const out = String(values.out ?? "comparison.png"), ending = /\.[^./]+$/.exec(basename(out))?.[0] ?? "";
  if (!["", ".png", ".svg"].includes(ending)) {
    throw new UsageError(`Cannot write --out as PNG and SVG files are written: current value is ${out}`);
  }
  const folders = await withOverlays(columnsOf(values), values);
  const rows = await readComparison(folders, requests, {
    enlarge: oneOf("enlarge", values.enlarge, ["nearest", "bicubic"] as const, "nearest"),
  });
  await saveComparison(out, rows, { columns: optional("columns", values), zoom: optional("zoom", values) });
  console.log(`${rows.length} rows of ${folders.length} columns: ${out.replace(/\.(png|svg)$/, "")}.png and .svg`);
});

function columnsOf(values: OptionValues): NamedPath[] {
  const methods = named("sr", values);
  if (methods.length === 0) throw new UsageError("Cannot compare as --sr must be given: current value is none");
  const columns = [
    ...values.lr === undefined ? [] : [{ name: "LR", path: String(values.lr) }],
    ...methods,
    ...values.hr === undefined ? [] : [{ name: "HR", path: String(values.hr) }],
  ];
  const names = columns.map(({ name }) => name);
  if (new Set(names).size === names.length) return columns;
  throw new UsageError(
    `Cannot compare as every column needs a name of its own: current values are ${names.join(", ")}`,
  );
}

/** Adds what was found in the images of each column. */
async function withOverlays(
  columns: readonly NamedPath[],
  values: OptionValues,
): Promise<ComparisonFolder[]> {
  const least = wholeNumber("score", values.score, 30) / 100;
  const annotations = values.annotations === undefined ? null : String(values.annotations);
  const detections = named("detections", values), overlays = new Map<string, OverlaySource[]>();
  const add = (option: string, name: string, source: OverlaySource) => {
    if (!columns.some((column) => column.name === name)) {
      const names = columns.map(({ name }) => name).join(", ");
      throw new UsageError(`Cannot draw --${option} as it must name one of ${names}: current value is ${name}`);
    }
    overlays.set(name, [...overlays.get(name) ?? [], source]);
  };
  for (const { name, path } of named("labels", values)) add("labels", name, await openLabelMaps(path));
  for (const { name, path } of detections) {
    if (annotations === null) {
      throw new UsageError("Cannot draw --detections as --annotations must name the images: it is not given");
    }
    add("detections", name, await openDetections(path, annotations, least));
  }
  if (annotations !== null && values.hr !== undefined && !detections.some(({ name }) => name === "HR")) {
    add("annotations", "HR", await openDetections(null, annotations, least));
  }
  for (const { name, path } of named("texts", values)) add("texts", name, await openTexts(path, least));
  return columns.map((column) => ({ ...column, overlays: overlays.get(column.name) }));
}

function named(option: string, values: OptionValues): NamedPath[] {
  return (paths(values[option]) ?? []).map((text) => namedPath(text));
}

function request(text: string): CropRequest {
  const [, image, ...numbers] = /^(.+)@(\d+),(\d+),(\d+),(\d+)$/.exec(text) ?? [];
  if (image === undefined && (/@[^@/]*,[^@/]*$/.test(text) || /@\d*$/.test(text))) {
    throw new UsageError(`Cannot read --image as it must be ID or ID@X,Y,WIDTH,HEIGHT: current value is ${text}`);
  }
  if (image === undefined) return { image: text, box: null };
  const [left, top, width, height] = numbers.map(Number);
  return { image, box: { left, top, width, height } };
}

function optional(name: string, values: OptionValues): number | undefined {
  return values[name] === undefined ? undefined : wholeNumber(name, values[name], 1, 1);
}
