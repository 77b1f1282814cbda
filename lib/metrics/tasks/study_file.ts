import { DataError, parseCsv, readBytes } from "../../core/mod.ts";

/** The ranks of a user study. */
export interface StudyRanks {
  /** In the order of the columns. */
  readonly methods: readonly string[];
  /** Rank of every method, from 1, in every group of one person and one image. `[groups][methods]` */
  readonly ranks: readonly (readonly number[])[];
  /** Groups of every person, in the order of one list of images; null where not every person ranked every image once. */
  readonly people: readonly (readonly number[])[] | null;
}

/**
 * Read the ranks of a user study: CSV with a header `person,image,METHOD,METHOD,...` and a row for every group.
 *
 * @throws {DataError} If the header or a rank does not fit, or a person ranks an image twice.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readStudy(path: string): Promise<StudyRanks> {
  const [header = [], ...rows] = parseCsv(new TextDecoder().decode(await readBytes(path)), path);
  const [person, image, ...methods] = header;
  const distinct = new Set(methods).size === methods.length;
  if (person !== "person" || image !== "image" || methods.length < 2 || !distinct || rows.length === 0) {
    throw new DataError(
      `Cannot read ${path} as its header must be person,image and two or more methods, with rows below: current value is ` +
        `${header.join()} and ${rows.length} rows`,
    );
  }
  const ranks = rows.map((row, i) => row.slice(2).map((text) => rank(text, methods.length, `row ${i + 2} of ${path}`)));
  const groups = new Map(rows.map(([person, image], i) => [JSON.stringify([person, image]), i]));
  if (groups.size < rows.length) {
    throw new DataError(
      `Cannot read ${path} as everybody ranks an image once: current value is ${rows.length} rows of ` +
        `${groups.size} groups`,
    );
  }
  const persons = [...new Set(rows.map(([person]) => person))], images = [...new Set(rows.map(([, image]) => image))];
  const whole = rows.length === persons.length * images.length;
  const people = persons.map((person) => images.map((image) => groups.get(JSON.stringify([person, image]))!));
  return { methods, ranks, people: whole ? people : null };
}

function rank(text: string, methods: number, where: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= 1 && value <= methods) return value;
  throw new DataError(`Cannot read ${where} as ranks go from 1 to ${methods}: current value is ${text}`);
}
