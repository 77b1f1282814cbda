import { z } from "zod";
import { DataError } from "../../core/mod.ts";
import { checked } from "./checked.ts";

/** How one person ranked the methods on one image: a line of `rankings.jsonl`. */
export interface Ranking {
  /** Who ranked, as they wrote it; {@link personKey} tells who is the same. */
  readonly person: string;
  /** Which image. */
  readonly image: string;
  /** Rank of every method, from 1; methods that share a rank leave out the ranks after it (1, 1, 3). */
  readonly ranks: Readonly<Record<string, number>>;
  /** When, in ISO 8601. */
  readonly at: string;
}

const ranking = z.strictObject({
  person: z.string().min(1),
  image: z.string().min(1),
  ranks: z.record(z.string(), z.int().min(1)),
  at: z.iso.datetime(),
});

/**
 * What all spellings of a person's name share: "Ann", "ann " and the same letters in other code points are one person, who
 * must not count twice.
 */
export function personKey(name: string): string {
  // By way of capitals: "ß" has no single one, "ς" and "σ" share theirs
  return name.normalize("NFKC").trim().toUpperCase().toLowerCase().normalize("NFKC");
}

/**
 * Read rankings, one JSON object a line. Lines are only ever added: of two of the same person and image the later counts.
 *
 * @param text Content of the file.
 * @param path What messages call it.
 * @returns Every person's last ranking of every image, in the order in which they first came.
 * @throws {DataError} If a line is no ranking, or names other methods than the first.
 */
export function parseRankings(text: string, path: string): Ranking[] {
  const last = new Map<string, Ranking>();
  let methods: string | undefined;
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    const where = `line ${i + 1} of ${path}`, found = checked<Ranking>(ranking, parseJson(line, where), where);
    const named = Object.keys(found.ranks).sort().join(", ");
    methods ??= named;
    if (named !== methods) {
      throw new DataError(`Cannot read ${where} as all lines must rank ${methods}: current value is ${named}`);
    }
    last.set(JSON.stringify([personKey(found.person), found.image]), found);
  });
  return [...last.values()];
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new DataError(`Cannot read ${where} as it must be JSON: current value is ${line.slice(0, 60)}`);
  }
}
