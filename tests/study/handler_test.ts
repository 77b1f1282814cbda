import { assert, assertEquals } from "@std/assert";
import { openStudy } from "asasr/experiment/mod.ts";
import { studyHandler } from "asasr/view/mod.ts";
import { inStudyFolder, methods, studyOptions } from "./study_folders.ts";

const HOST = "127.0.0.1:8100", ROOT = `http://${HOST}`;

type Ask = (path: string, init?: RequestInit & { headers?: Record<string, string> }) => Promise<Response>;

/** Runs a test with a study of two images and what asks its handler, as a browser would unless told otherwise. */
function withHandler(fn: (ask: Ask, folder: string) => Promise<void>): Promise<void> {
  return inStudyFolder(2, async (folder) => {
    using study = await openStudy(studyOptions(folder));
    const errors: Error[] = [];
    const handler = studyHandler(study, { port: 8100, onError: (error) => errors.push(error) });
    await fn((path, init = {}) => {
      const headers = { host: HOST, ...init.headers };
      return handler(new Request(new URL(path, ROOT), { ...init, headers }));
    }, folder);
    assertEquals(errors, []);
  });
}

const post = (body: unknown, headers: Record<string, string> = {}) => ({
  method: "POST",
  body: typeof body === "string" ? body : JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});

/** Opens the study and returns what a person is shown first. */
async function first(ask: Ask) {
  const { token } = await (await ask("/call/open", post({ person: "ann" }))).json();
  const group = await (await ask("/call/show", post({ token, place: null }))).json();
  return { token, group };
}

Deno.test("studyHandler() never sends a method's name, and images without what their files hold", () =>
  withHandler(async (ask) => {
    const { token, group } = await first(ask);
    assertEquals([group.place, group.total, group.done, group.candidates.length], [0, 2, 0, 3]);
    const rank = await (await ask("/call/rank", post({ token, place: 0, ranks: [1, 1, 2] }))).text();
    assertEquals(rank, `{"done":1}`);
    const texts = [JSON.stringify(group), rank];
    for (const path of ["/", "/study.css", "/study.js"]) texts.push(await (await ask(path)).text());
    for (const id of [group.low, ...group.candidates]) {
      const response = await ask(`/image/${id}`);
      assertEquals([response.status, response.headers.get("content-type")], [200, "image/png"]);
      texts.push(new TextDecoder("latin1").decode(await response.bytes()), [...response.headers].join());
    }
    for (const text of texts) for (const name of [...methods, "image-0", "lr/"]) assert(!text.includes(name), name);
  }));

Deno.test("studyHandler() refuses other names of this machine, other sites, methods and bodies", () =>
  withHandler(async (ask) => {
    const { token, group } = await first(ask), image = `/image/${group.low}`;
    const ranking = { token, place: 0, ranks: [1, 2, 3] };
    const refused = [
      ["/", { headers: { host: "evil.example:8100" } }, 421], // DNS rebinding
      ["/", { headers: { host: "127.0.0.1:80" } }, 421],
      ["/", { headers: { host: "" } }, 421],
      [image, { headers: { "sec-fetch-site": "cross-site" } }, 403],
      ["/call/rank", post(ranking, { origin: "http://evil.example" }), 403],
      ["/call/rank", post(ranking, { origin: "null" }), 403],
      ["/call/rank", post(ranking, { origin: "http://localhost:8100" }), 403], // another origin than the host asked
      ["/call/rank", post(ranking, { "content-type": "text/plain" }), 415],
      ["/call/rank", post(ranking, { "content-type": "application/x-www-form-urlencoded" }), 415],
      ["/call/rank", { method: "GET" }, 405],
      ["/call/rank", { ...post(ranking), method: "PUT" }, 405],
      ["/", { method: "DELETE" }, 405],
      [image, { method: "OPTIONS" }, 405],
      ["/call/rank", post("{"), 400],
      ["/call/rank", post("\ufffd".repeat(2)), 400],
      ["/call/rank", post("null"), 400],
      ["/call/rank", post(" ".repeat(20_000)), 413],
      ["/call/rank", post({ ...ranking, extra: 1 }), 400],
      ["/call/rank", post({ ...ranking, ranks: [1, 2] }), 400],
      ["/call/rank", post({ ...ranking, ranks: [1, 2, 4] }), 400],
      ["/call/rank", post({ ...ranking, ranks: [1, 2, 1.5] }), 400],
      ["/call/rank", post({ ...ranking, place: 2 }), 400],
      ["/call/rank", post({ ...ranking, place: -1 }), 400],
      ["/call/rank", post({ ...ranking, token: "0".repeat(32) }), 401],
      ["/call/show", post({ token, place: 1e9 }), 400],
      ["/call/open", post({ person: "../../etc/passwd" }), 400],
      ["/call/open", post({ person: "a\nb" }), 400],
      ["/call/open", post({ person: "x".repeat(41) }), 400],
      ["/call/constructor", post({}), 404],
      ["/call/__proto__", post({}), 404],
      ["/image/" + "0".repeat(32), {}, 404],
      [image + "/..", {}, 404],
      [image.toUpperCase(), {}, 404],
    ] as const;
    for (const [path, init, status] of refused) {
      const response = await ask(path, init as RequestInit & { headers?: Record<string, string> });
      assertEquals(response.status, status, `${path} ${JSON.stringify(init)}: ${await response.text()}`);
      assert(response.headers.get("content-security-policy")!.includes("frame-ancestors 'none'"));
    }
    assertEquals((await (await ask("/call/show", post({ token, place: null }))).json()).done, 0);
  }));

Deno.test("studyHandler() never makes a path of the disk from a path of a request", () =>
  withHandler(async (ask, folder) => {
    const paths = [
      "/../study.ts",
      "/..%2f..%2fdeno.json",
      "/%2e%2e/%2e%2e/deno.json",
      "/page/../handler.ts",
      "/handler.ts",
      "/index.html",
      "/image/..%2f..%2fout%2fstudy.json",
      "/image/../out/study.json",
      `/image/${folder}/lr/image-0.png`,
      `//${folder}/lr/image-0.png`,
      "/study.js/../../handler.ts",
      "/study.json",
      "/rankings.jsonl",
      "/lr/image-0.png",
      "/image/%00",
    ];
    for (const path of paths) {
      const response = await ask(ROOT + path), text = await response.text();
      assertEquals(response.status, 404, `${path}: ${text}`);
      assertEquals(text, `{"error":"There is nothing here"}`);
    }
  }));
