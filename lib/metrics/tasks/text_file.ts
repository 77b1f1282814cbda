import { basename, extname, join } from "node:path";
import { z } from "zod";
import { DataError, inputOutputError, readBytes } from "../../core/mod.ts";
import { checked } from "./checked.ts";
import type { Corner } from "./polygon.ts";
import type { TextRegion } from "./text_detection.ts";

/** Unreadable text, which is neither asked for nor wrong. */
const UNREADABLE = new Set(["###", "*"]);

const regions = z.array(z.object({
  points: z.array(z.tuple([z.number(), z.number()])).min(3),
  transcription: z.string().optional(),
  score: z.number().optional(),
}));

/**
 * Read text regions by the name of their image, without folder and ending.
 *
 * A file is read as PaddleOCR's: a line for every image, `PATH<tab>[{"points": [[x, y], ...], "transcription": "..."}]`. A
 * folder as ICDAR 2015's: `gt_NAME.txt` or `res_NAME.txt`, a line for every region, `x1,y1,x2,y2,x3,y3,x4,y4,text`. The texts
 * `###` and `*` mark what is unreadable.
 *
 * @throws {DataError} If a line does not fit, an image stands twice, or there is none.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readTextRegions(path: string): Promise<Map<string, TextRegion[]>> {
  const info = await Deno.stat(path).catch((error) => {
    throw inputOutputError("read", path, error);
  });
  const images = info.isDirectory ? await readFolder(path) : lines(await readText(path)).map(readLine(path));
  const found = new Map(images);
  if (images.length === 0 || found.size < images.length) {
    throw new DataError(
      `Cannot read ${path} as it must name every image once: current value is ${images.length} entries of ` +
        `${found.size} images`,
    );
  }
  return found;
}

function readLine(path: string): (line: string, index: number) => [string, TextRegion[]] {
  return (line, index) => {
    const where = `line ${index + 1} of ${path}`, tab = line.indexOf("\t");
    if (tab < 0) {
      throw new DataError(`Cannot read ${where} as it must be a path, a tab and JSON: current value has no tab`);
    }
    const name = line.slice(0, tab), found = checked(regions, parseJson(line.slice(tab + 1), where), where);
    return [
      basename(name, extname(name)),
      found.map(({ points, transcription, score }) => ({
        ...region(points, transcription),
        ...score === undefined ? {} : { score },
      })),
    ];
  };
}

async function readFolder(path: string): Promise<[string, TextRegion[]][]> {
  const names = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).filter((name) =>
    /\.txt$/i.test(name)
  );
  return await Promise.all(
    names.sort().map(async (name): Promise<[string, TextRegion[]]> => {
      const file = join(path, name);
      const found = lines(await readText(file)).map((line, index) => {
        const fields = line.split(","), numbers = fields.slice(0, 8).map((field) => field.trim());
        if (numbers.length < 8 || numbers.some((text) => text === "" || !Number.isFinite(Number(text)))) {
          throw new DataError(
            `Cannot read line ${
              index + 1
            } of ${file} as it must begin with x1,y1,x2,y2,x3,y3,x4,y4: current value is ` +
              line.slice(0, 60),
          );
        }
        const values = numbers.map(Number), points = [0, 2, 4, 6].map((i): Corner => [values[i], values[i + 1]]);
        return region(points, fields.slice(8).join(","));
      });
      return [basename(name, extname(name)).replace(/^(gt|res)_/, ""), found];
    }),
  );
}

function region(points: readonly Corner[], text: string | undefined): TextRegion {
  const ignore = text !== undefined && UNREADABLE.has(text.trim());
  return { points, ignore, ...text === undefined || ignore ? {} : { text } };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DataError(`Cannot read ${where} as JSON must follow the tab: current value is ${text.slice(0, 60)}`);
  }
}

async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path)); // drops a byte order mark
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}
