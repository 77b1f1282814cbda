import { inputOutputError, readBytes } from "../../core/mod.ts";
import { parseRankings, personKey, type Ranking } from "../../metrics/mod.ts";

/** The rankings of a study, on disk: a file to which lines are only ever added. */
export interface RankingsFile extends Disposable {
  /** A person's last ranking of an image; undefined where there is none. */
  find(person: string, image: string): Ranking | undefined;
  /**
   * Keep a ranking. When this returns it is on the disk; a later one of the same person and image counts instead.
   *
   * @throws {InputOutputError} If it cannot be written; the file is then as before.
   */
  add(ranking: Ranking): Promise<void>;
}

/**
 * Open the rankings of a study, or begin them. A half line at the end, from a machine that stopped while writing, is cut off:
 * nobody was told that it is kept.
 *
 * @throws {DataError} If a line is no ranking.
 * @throws {InputOutputError} If the file cannot be opened.
 */
export async function openRankings(path: string): Promise<RankingsFile> {
  const file = await Deno.open(path, { read: true, write: true, create: true }).catch((error) => {
    throw inputOutputError("open", path, error);
  });
  try {
    const bytes = await readBytes(path);
    let length = bytes.lastIndexOf("\n".charCodeAt(0)) + 1, last: Promise<unknown> = Promise.resolve();
    const whole = new TextDecoder().decode(bytes.subarray(0, length));
    const kept = new Map(parseRankings(whole, path).map((ranking) => [keyOf(ranking), ranking]));
    await file.truncate(length);
    const write = async (ranking: Ranking) => {
      const bytes = new TextEncoder().encode(JSON.stringify(ranking) + "\n");
      try {
        await file.seek(length, Deno.SeekMode.Start);
        for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
        await file.sync();
      } catch (error) {
        await file.truncate(length);
        throw inputOutputError("write", path, error);
      }
      length += bytes.length;
      kept.set(keyOf(ranking), ranking);
    };
    return {
      find: (person, image) => kept.get(keyOf({ person, image })),
      add(ranking) {
        const written = last.then(() => write(ranking)); // one at a time, in order
        last = written.catch(() => {}); // whoever waits for it is told; the next one goes on
        return written;
      },
      [Symbol.dispose]: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function keyOf({ person, image }: Pick<Ranking, "person" | "image">): string {
  return JSON.stringify([personKey(person), image]);
}
