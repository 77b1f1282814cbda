import { DataError, parseCsv, readBytes } from "../../core/mod.ts";
import { parseRankings, personKey } from "./rankings_file.ts";
import { competitionRanks } from "./user_study.ts";

/** The ranks of a user study. A group is what one person said of one image. */
export interface StudyRanks {
  /** In the order of the columns. */
  readonly methods: readonly string[];
  /** Rank of every method, from 1, in every group. `[groups][methods]` */
  readonly ranks: readonly (readonly number[])[];
  /** Person of every group, counted from 0 in the order of their first group. `[groups]` */
  readonly people: readonly number[];
  /** Image of every group, in the same way. `[groups]` */
  readonly images: readonly number[];
}

/**
 * Read the ranks of a user study: what `deno task study` keeps (`rankings.jsonl`), or CSV with a header
 * `person,image,METHOD,METHOD,...` and a row for every group. Methods may share a rank, which then leaves out the ranks
 * after it: 1, 1, 3.
 *
 * @throws {DataError} If the header, a line or a rank does not fit, or a person ranks an image twice in a CSV.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readStudy(path: string): Promise<StudyRanks> {
  const text = new TextDecoder().decode(await readBytes(path));
  return text.trimStart().startsWith("{") ? fromRankings(text, path) : fromCsv(text, path);
}

function fromRankings(text: string, path: string): StudyRanks {
  const rankings = parseRankings(text, path), methods = Object.keys(rankings[0].ranks).sort();
  if (methods.length < 2) {
    throw new DataError(`Cannot read ${path} as two or more methods must be ranked: current value is ${methods}`);
  }
  const rows = rankings.map(({ ranks }, i) => ranksOf(methods.map((name) => ranks[name]), i + 1, path));
  return groups(methods, rankings.map(({ person, image }) => [personKey(person), image]), rows);
}

function fromCsv(text: string, path: string): StudyRanks {
  const [header = [], ...rows] = parseCsv(text, path);
  const [person, image, ...methods] = header;
  const distinct = new Set(methods).size === methods.length;
  if (person !== "person" || image !== "image" || methods.length < 2 || !distinct || rows.length === 0) {
    throw new DataError(
      `Cannot read ${path} as its header must be person,image and two or more methods, with rows below: current value is ` +
        `${header.join()} and ${rows.length} rows`,
    );
  }
  const ranks = rows.map((row, i) => ranksOf(row.slice(2), i + 2, path));
  const pairs = new Set(rows.map(([person, image]) => JSON.stringify([person, image])));
  if (pairs.size < rows.length) {
    throw new DataError(
      `Cannot read ${path} as everybody ranks an image once: current value is ${rows.length} rows of ` +
        `${pairs.size} groups`,
    );
  }
  return groups(methods, rows.map(([person, image]) => [person, image]), ranks);
}

function groups(
  methods: readonly string[],
  pairs: readonly (readonly [person: string, image: string])[],
  ranks: readonly (readonly number[])[],
): StudyRanks {
  const numbered = (names: readonly string[]) => {
    const places = new Map([...new Set(names)].map((name, i) => [name, i]));
    return names.map((name) => places.get(name)!);
  };
  return {
    methods,
    ranks,
    people: numbered(pairs.map(([person]) => person)),
    images: numbered(pairs.map(([, image]) => image)),
  };
}

/** The ranks of a row: whole numbers that some order of the methods gives, shared places included. */
function ranksOf(given: readonly (string | number)[], row: number, path: string): number[] {
  const values = given.map((text) => String(text).trim() === "" ? NaN : Number(text)), { length } = values;
  const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= 1 && value <= length));
  if (wrong >= 0) {
    throw new DataError(
      `Cannot read row ${row} of ${path} as ranks go from 1 to ${length}: current value is ${given[wrong]}`,
    );
  }
  const right = competitionRanks(values);
  if (right.every((rank, i) => rank === values[i])) return values;
  throw new DataError(
    `Cannot read row ${row} of ${path} as a shared rank leaves out the ranks after it, and no other is left out ` +
      `(${right.join(", ")}): current value is ${values.join(", ")}`,
  );
}
