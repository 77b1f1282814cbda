import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { cudaRequirements } from "./cuda_requirements.ts";
import { requireRoom } from "./disk_space.ts";
import { EngineError } from "./errors.ts";
import { installedLibrary, installFolder, type LibraryKind } from "./library.ts";
import { hasNvidiaDevice } from "./nvidia.ts";
import { type Platform, tensorflowVersion, thisPlatform } from "./platform.ts";
import { findPython } from "./python.ts";
import type { LibraryFiles } from "./tensorflow.ts";
import { verifyLibrary } from "./verify.ts";
import { downloadWheels, unpackWheel } from "./wheel.ts";

/** Gets lines for people while something takes long. */
export type OnProgress = (line: string) => void;

const GB = 1e9;

/** Room that a build takes while it is set up, the wheels beside their content included, and the size of the download. */
const sizes = { cpu: { room: 1.7 * GB, download: "265 MB" }, gpu: { room: 10 * GB, download: "3.5 GB" } };

/** Left-overs of a setup that was killed are removed once they are this old. */
const abandonedAfterMs = 24 * 3600 * 1000;

/**
 * Brings TensorFlow's libraries into the cache folder: download, unpack, one computed result, and only then rename into
 * place. A setup that is killed leaves nothing that a later one would take for whole.
 *
 * @throws {EngineError} If the platform has no build, Python, pip, the disk or the network is missing, or the library
 * does not compute.
 */
export async function installLibrary(kind: LibraryKind, onProgress: OnProgress): Promise<LibraryFiles> {
  const platform = thisPlatform();
  const name = platform?.[kind];
  if (platform === undefined || name === undefined) {
    const machine = `${Deno.build.os} ${Deno.build.arch}`;
    throw new EngineError(`Cannot set up the ${kind} engine as there must be a build for the platform: ${machine}`);
  }
  if (kind === "gpu" && !hasNvidiaDevice()) {
    throw new EngineError(
      "Cannot set up the gpu engine as NVIDIA's driver must see a device: it is not installed or sees none",
    );
  }
  const python = await findPython();
  const target = installFolder(kind);
  const parent = dirname(target);
  const partial = await makePartialFolder(parent, kind);
  try {
    onProgress(`Setting up TensorFlow ${tensorflowVersion} in ${target} (about ${sizes[kind].download}, once)`);
    await fill(partial, kind, { ...platform, name }, python, onProgress);
    onProgress("Checking that it computes");
    if (installedLibrary(kind) === undefined) await Deno.remove(target, { recursive: true }).catch(() => {});
    await Deno.rename(join(partial, "content"), target).catch((error: unknown) => {
      // Another process that set up at the same time was first.
      if (installedLibrary(kind) === undefined) throw error;
    });
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
  }
  const library = installedLibrary(kind);
  try {
    if (library === undefined) throw new EngineError("Cannot use the download as it must hold TensorFlow's libraries");
    await verifyLibrary(library, kind);
    return library;
  } catch (error) {
    await Deno.remove(target, { recursive: true });
    throw error;
  }
}

async function fill(
  partial: string,
  kind: LibraryKind,
  platform: Platform & { name: string },
  python: string,
  onProgress: OnProgress,
): Promise<void> {
  const content = join(partial, "content");
  const report = atMostEvery(2000, (bytes: number) => onProgress(`Downloaded ${(bytes / 1e6).toFixed(0)} MB`));
  const fetch = async (requirements: readonly string[], tags: readonly string[], patterns: readonly string[]) => {
    for (const wheel of await downloadWheels(python, { requirements, tags }, partial, report)) {
      onProgress(`Unpacking ${wheel.slice(dirname(wheel).length + 1)}`);
      await unpackWheel(python, wheel, content, patterns);
      await Deno.remove(wheel);
    }
  };
  const libraries = [`tensorflow/${platform.main}`, `tensorflow/${platform.framework}`];
  await fetch([`${platform.name}==${tensorflowVersion}`], [platform.tag], [...libraries, "*.dist-info/METADATA"]);
  if (kind === "gpu") {
    const requirements = cudaRequirements(await readMetadata(content));
    await fetch(requirements, platform.nvidiaTags, ["nvidia/*/lib/*.so.*", "nvidia/cuda_nvcc/*"]);
  }
}

/** TensorFlow's own metadata, which its wheel brings. */
async function readMetadata(content: string): Promise<string> {
  const info = readdirSync(content).find((name) => name.endsWith(".dist-info")) ?? "";
  return await Deno.readTextFile(join(content, info, "METADATA"));
}

async function makePartialFolder(parent: string, kind: LibraryKind): Promise<string> {
  try {
    await Deno.mkdir(parent, { recursive: true });
    for (const name of readdirSync(parent).filter((name) => name.startsWith(".partial-"))) {
      const { mtime } = await Deno.stat(join(parent, name));
      if (mtime && Date.now() - mtime.getTime() > abandonedAfterMs) {
        await Deno.remove(join(parent, name), { recursive: true });
      }
    }
    requireRoom(parent, sizes[kind].room);
    return await Deno.makeTempDir({ dir: parent, prefix: ".partial-" });
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError(`Cannot set up TensorFlow as ${parent} must be writable: ${(error as Error).message}`);
  }
}

function atMostEvery<T>(milliseconds: number, work: (value: T) => void): (value: T) => void {
  let last = performance.now();
  return (value) => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    work(value);
  };
}
