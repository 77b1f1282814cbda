import { z } from "zod";
import type { Study } from "../../experiment/mod.ts";
import { Refusal } from "./guard.ts";

/** What the page may ask: a name to a function of a JSON body. */
export type StudyCalls = Readonly<Record<string, (body: unknown) => unknown>>;

const person = z.string().transform((name) => name.normalize("NFC").trim())
  .refine((name) => /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._'’@-]{0,39}$/u.test(name));
const token = z.string().regex(/^[0-9a-f]{32}$/);
const place = z.int().min(0);
const opening = z.strictObject({ person });
const showing = z.strictObject({ token, place: place.nullable() });
const ranking = z.strictObject({ token, place, ranks: z.array(z.int().min(1)) });

/**
 * Make the calls of a study's page. No answer holds a method's name or a file's.
 *
 * - `open {person}` gives `{token, total, done}`.
 * - `show {token, place}`, or the first open place for null, gives `{place, total, done, low, candidates, ranks}`, where `place`
 *   is null if nothing is left.
 * - `rank {token, place, ranks}` gives `{done}` once the ranking is on the disk.
 *
 * @param onRanking Called after every ranking, with how many a person has made.
 */
export function studyCalls(study: Study, onRanking: (person: string, done: number) => void): StudyCalls {
  const people = new Map<string, string>();
  const known = (token: string): string => {
    const name = people.get(token);
    if (name === undefined) throw new Refusal(401, "Please enter your name again");
    return name;
  };
  const countDone = (name: string) => study.done(name).filter(Boolean).length;
  return {
    open(body) {
      const { person } = fitting(opening, body), token = study.token(person);
      people.set(token, person);
      return { token, total: study.total, done: countDone(person) };
    },
    show(body) {
      const asked = fitting(showing, body), person = known(asked.token), done = study.done(person);
      const first = done.indexOf(false), at = asked.place ?? (first < 0 ? null : first);
      const state = { total: study.total, done: countDone(person) };
      if (at === null) return { place: null, ...state };
      checkPlace(at, study);
      return { place: at, ...state, ...study.group(person, at) };
    },
    async rank(body) {
      const { token, place, ranks } = fitting(ranking, body), person = known(token), { length } = study.methods;
      checkPlace(place, study);
      if (ranks.length !== length || ranks.some((rank) => rank > length)) {
        throw new Refusal(400, `${length} ranks from 1 to ${length} are needed`);
      }
      await study.rank(person, place, ranks);
      const done = countDone(person);
      onRanking(person, done);
      return { done };
    },
  };
}

function fitting<T>(schema: z.ZodType<T, unknown>, body: unknown): T {
  const found = schema.safeParse(body);
  if (found.success) return found.data;
  throw new Refusal(400, `The body does not fit: ${found.error.issues[0].path.join(".") || "it"}`);
}

function checkPlace(place: number, { total }: Study): void {
  if (place >= total) throw new Refusal(400, `There are ${total} images`);
}
