import { join } from "node:path";
import { z } from "zod";
import { contentHash, DataError, readJson, UsageError, writeJson } from "../../core/mod.ts";
import { competitionRanks, personKey, type Ranking } from "../../metrics/mod.ts";
import { blindId, blindingKey } from "./blinding.ts";
import { openRankings } from "./rankings.ts";
import { hashesOf, type StudyImage, studyImages, type StudyMethod } from "./study_images.ts";

/** What a person is shown: an image in its low quality and every method's result, under ids that tell nothing. */
export interface StudyGroup {
  /** Id of the low-quality image. */
  readonly low: string;
  /** Ids of the results, in an order that is random for every person and image. */
  readonly candidates: readonly string[];
  /** What the person has ranked here before, in the order of the candidates; null where nothing. */
  readonly ranks: readonly number[] | null;
}

/**
 * A user study under way. Places are a person's images in an order of their own, from 0. However a name is spelled, it is the
 * person of {@link personKey}.
 */
export interface Study extends Disposable {
  /** Name of the methods, in the order given. */
  readonly methods: readonly string[];
  /** How many images everybody is asked about. */
  readonly total: number;
  /** Where the rankings are. */
  readonly rankingsPath: string;
  /** Which places a person has ranked. */
  done(person: string): readonly boolean[];
  /** What a person sees at a place. */
  group(person: string, place: number): StudyGroup;
  /** Keep what a person says: a place for every candidate, the smallest is best, equal ones are ties. */
  rank(person: string, place: number, places: readonly number[]): Promise<Ranking>;
  /** The file of an id that a group of this session has shown; undefined for any other. */
  file(id: string): string | undefined;
  /** A name for a person that only this study's key makes. */
  token(person: string): string;
}

const header = z.strictObject({ version: z.literal(1), key: z.hex().length(64), content: z.hex().length(64) });

/**
 * Open a user study, or begin it: `study.json` keeps the key that blinds it and the hash of what it asks about,
 * `rankings.jsonl` what people say.
 *
 * @param options.out Folder of both.
 * @param options.count, options.seed As in {@link studyImages}.
 * @throws {UsageError} If two methods are not given, share a name, or the folder holds a study of other images or methods.
 * @throws {DataError} If the images do not fit together.
 */
export async function openStudy(
  options: {
    readonly methods: readonly StudyMethod[];
    readonly low: string;
    readonly out: string;
    readonly count?: number;
    readonly seed?: number;
  },
): Promise<Study> {
  const { low, out } = options, methods = options.methods.map(({ name }) => name);
  if (methods.length < 2 || new Set(methods).size < methods.length) {
    throw new UsageError(
      `Cannot compare methods as there must be two or more, of different names: current value is ${methods.join(", ")}`,
    );
  }
  const images = await studyImages(options.methods, low, options);
  const key = await keyOf(join(out, "study.json"), contentHash({ methods, images: await hashesOf(images) }));
  const rankingsPath = join(out, "rankings.jsonl"), rankings = await openRankings(rankingsPath);
  const blind = (role: string, person: string, ...parts: string[]) => blindId(key, role, personKey(person), ...parts);
  const shown = new Map<string, string>();
  const orders = new Map<string, readonly StudyImage[]>();
  const orderOf = (person: string) => {
    const order = orders.get(person) ?? sortedBy(images, ({ name }) => blind("order", person, name));
    orders.set(person, order);
    return order;
  };
  const candidatesOf = (person: string, { name, results }: StudyImage) =>
    sortedBy(
      methods.map((method, m) => ({ method, file: results[m], id: blind("result", person, name, method) })),
      ({ id }) => id,
    );
  return {
    methods,
    total: images.length,
    rankingsPath,
    done: (person) => orderOf(person).map(({ name }) => rankings.find(person, name) !== undefined),
    group(person, place) {
      const image = orderOf(person)[place], candidates = candidatesOf(person, image);
      const lowId = blind("low", person, image.name), ranking = rankings.find(person, image.name);
      for (const { id, file } of [{ id: lowId, file: image.low }, ...candidates]) shown.set(id, file);
      return {
        low: lowId,
        candidates: candidates.map(({ id }) => id),
        ranks: ranking === undefined ? null : candidates.map(({ method }) => ranking.ranks[method]),
      };
    },
    async rank(person, place, places) {
      const image = orderOf(person)[place], candidates = candidatesOf(person, image), ranks = competitionRanks(places);
      const ranking: Ranking = {
        person,
        image: image.name,
        ranks: Object.fromEntries(candidates.map(({ method }, i) => [method, ranks[i]])),
        at: new Date().toISOString(),
      };
      await rankings.add(ranking);
      return ranking;
    },
    file: (id) => shown.get(id),
    token: (person) => blind("person", person),
    [Symbol.dispose]: () => rankings[Symbol.dispose](),
  };
}

/** The key of the study in a file, which is written where there is none. */
async function keyOf(path: string, content: string): Promise<string> {
  const known = await Deno.stat(path).then(() => true, () => false);
  if (!known) {
    const key = blindingKey();
    await writeJson(path, { version: 1, key, content });
    return key;
  }
  const found = header.safeParse(await readJson(path));
  if (!found.success) throw new DataError(`Cannot read ${path} as it must be the head of a study: it is none`);
  if (found.data.content === content) return found.data.key;
  throw new UsageError(
    `Cannot go on with the study of ${path} as methods and images must be those it began with: they have changed; ` +
      `take another --out`,
  );
}

function sortedBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return values.map((value) => [key(value), value] as const).sort(([a], [b]) => a < b ? -1 : 1).map(([, value]) =>
    value
  );
}
