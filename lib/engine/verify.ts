import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache_folder.ts";
import { runChild } from "./child.ts";
import { EngineError } from "./errors.ts";
import type { LibraryKind } from "./library.ts";
import type { LibraryFiles } from "./tensorflow.ts";

/** What the check found. */
export interface Verified {
  readonly version: string;
  readonly gpus: number;
}

/**
 * Checks that a library loads and computes, in a process of its own: a damaged one may end the process that loads it.
 *
 * A library that has passed is not checked again until its files change.
 *
 * @throws {EngineError} If it does not compute, or `kind` is gpu and it finds no device.
 */
export async function verifyLibrary(library: LibraryFiles, kind: LibraryKind): Promise<Verified> {
  const record = join(cacheFolder(), "engine", "verified", `${await fingerprint(library, kind)}.json`);
  const known = parse(await Deno.readTextFile(record).catch(() => ""));
  const verified = known === undefined ? await compute(library, kind) : known as Verified;
  if (kind === "gpu" && verified.gpus === 0) {
    throw new EngineError("Cannot use the gpu engine as TensorFlow must find a CUDA device: it finds none");
  }
  if (known === undefined) await remember(record, verified);
  return verified;
}

async function compute(library: LibraryFiles, kind: LibraryKind): Promise<Verified> {
  const folder = dirname(library.main);
  const script = fileURLToPath(new URL("verify_main.ts", import.meta.url));
  const permissions = ["--allow-read", "--allow-env", "--allow-ffi"];
  const args = ["run", "--quiet", "--no-config", ...permissions, script, kind, JSON.stringify(library)];
  const { success, stdout, stderr, ending } = await runChild(Deno.execPath(), args);
  const broken = (reason: string) =>
    new EngineError(`Cannot use TensorFlow in ${folder} as it must load and compute: ${reason.split("\n")[0]}`);
  if (!success) throw broken(stderr.trim().split("\n").at(-1) || ending);
  const answer = parse(stdout) as Verified | { error: string } | undefined;
  if (answer === undefined) throw broken("its answer cannot be read");
  if ("error" in answer) throw broken(answer.error);
  return answer;
}

/** The record of JSON text; undefined where it is none, such as a file that a power failure has emptied. */
function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Changes with the place, size and time of the files. */
async function fingerprint(library: LibraryFiles, kind: LibraryKind): Promise<string> {
  const hash = createHash("sha256").update(kind);
  for (const path of [library.main, library.framework, ...library.nvidia]) {
    const { size, mtime } = await Deno.stat(path);
    hash.update(`\n${path} ${size} ${mtime?.getTime()}`);
  }
  return hash.digest("hex").slice(0, 32);
}

/** Where the cache folder cannot be written, the check runs each time. */
async function remember(record: string, verified: Verified): Promise<void> {
  try {
    await Deno.mkdir(dirname(record), { recursive: true });
    const partial = `${record}.${Deno.pid}`;
    await Deno.writeTextFile(partial, JSON.stringify(verified));
    await Deno.rename(partial, record);
  } catch {
    return;
  }
}
