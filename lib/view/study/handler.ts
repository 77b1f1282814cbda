import type { Study } from "../../experiment/mod.ts";
import { encodePng, readImage } from "../../image/mod.ts";
import { type StudyCalls, studyCalls } from "./calls.ts";
import { checkMethod, checkSource, readBody, Refusal } from "./guard.ts";

/** How a study is served. */
export interface StudyHandlerOptions {
  /** Port that the server listens on: part of the only names it answers to. */
  readonly port: number;
  /** Called after every ranking, with how many a person has made. */
  readonly onRanking?: (person: string, done: number) => void;
  /** Gets what went wrong on this machine's side; the page is told only that something did. */
  readonly onError?: (error: Error) => void;
}

const PAGES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html"],
  "/study.css": ["study.css", "text/css"],
  "/study.js": ["study.js", "text/javascript"],
};

/** No page may hold this one or read its answers, and it may load nothing from elsewhere; nothing is kept in caches. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/**
 * Answer the requests of a study's page: three files of the page, images by ids that a study has shown, and JSON calls. No
 * path of a request ever becomes a path on the disk, and images are encoded anew, so that no format or note in a file tells
 * where it comes from.
 *
 * @returns A function for `Deno.serve`, which must listen on this machine alone.
 */
export function studyHandler(
  study: Study,
  { port, onRanking = () => {}, onError = () => {} }: StudyHandlerOptions,
): (request: Request) => Promise<Response> {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`], calls = studyCalls(study, onRanking);
  return async (request) => {
    try {
      checkSource(request, hosts);
      return await answer(request, study, calls);
    } catch (error) {
      if (error instanceof Refusal) return json({ error: error.message }, error.status, error.headers);
      onError(error as Error);
      return json({ error: "The study could not go on; its keeper sees why" }, 500);
    }
  };
}

async function answer(request: Request, study: Study, calls: StudyCalls): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (Object.hasOwn(PAGES, pathname)) {
    checkMethod(request, "GET");
    const [file, type] = PAGES[pathname];
    const text = await Deno.readTextFile(new URL(`page/${file}`, import.meta.url));
    return new Response(text, { headers: { ...HEADERS, "content-type": `${type}; charset=utf-8` } });
  }
  const [, id] = /^\/image\/([0-9a-f]{32})$/.exec(pathname) ?? [], path = id && study.file(id);
  if (path) {
    checkMethod(request, "GET");
    const png = await encodePng((await readImage(path)).image);
    return new Response(png as BodyInit, { headers: { ...HEADERS, "content-type": "image/png" } });
  }
  const [, call = ""] = /^\/call\/([a-z]+)$/.exec(pathname) ?? [];
  if (!Object.hasOwn(calls, call)) throw new Refusal(404, "There is nothing here");
  checkMethod(request, "POST");
  return json(await calls[call](await readBody(request)), 200);
}

function json(value: unknown, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(value, { status, headers: { ...HEADERS, ...headers } });
}
