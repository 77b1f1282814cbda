/** A request that is not answered as asked: what a server says instead. */
export class Refusal extends Error {
  /**
   * @param status HTTP status.
   * @param message What the sender is told; it names no file of this machine.
   * @param headers More than those that every answer has.
   */
  constructor(readonly status: number, message: string, readonly headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "Refusal";
  }
}

/** Bytes that a request's body may have. */
const BODY_LIMIT = 16_384;

/**
 * Check that a request comes from the page itself: sent to this machine's own name (another one that leads here is DNS
 * rebinding), and by no other site.
 *
 * @param hosts `127.0.0.1:PORT` and `localhost:PORT`.
 * @throws {Refusal} If it does not.
 */
export function checkSource(request: Request, hosts: readonly string[]): void {
  const host = request.headers.get("host"), origin = request.headers.get("origin");
  const named = [host ?? "", new URL(request.url).host]; // a request line with a whole address names another one
  if (!named.every((name) => hosts.includes(name))) throw new Refusal(421, "This server has another name");
  const site = request.headers.get("sec-fetch-site");
  const foreign = (origin !== null && origin !== `http://${host}`) ||
    (site !== null && site !== "same-origin" && site !== "none");
  if (foreign) throw new Refusal(403, "Other sites may not ask this server");
}

/**
 * Check the method of a request.
 *
 * @throws {Refusal} If it is another one.
 */
export function checkMethod(request: Request, method: "GET" | "POST"): void {
  if (request.method !== method) throw new Refusal(405, `Only ${method} is allowed here`, { allow: method });
}

/**
 * Read the JSON body of a request, which must name itself JSON: a form of another site cannot.
 *
 * @throws {Refusal} If it is no JSON, or too long.
 */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  if (type !== "application/json") throw new Refusal(415, "The body must be application/json");
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > BODY_LIMIT) throw new Refusal(413, `The body may have ${BODY_LIMIT} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(parts as BlobPart[]).bytes()));
  } catch {
    throw new Refusal(400, "The body must be JSON");
  }
}
