import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { cudaRequirements } from "./cuda_requirements.ts";
import { requireRoom } from "./disk_space.ts";
import { EngineError } from "./errors.ts";
import { installedLibrary, installFolder, type LibraryKind } from "./library.ts";
import { hasNvidiaDevice } from "./nvidia.ts";
import { type Platform, tensorflowVersion, thisPlatform } from "./platform.ts";
import { findPython } from "./python.ts";
import { lockSetup } from "./setup_lock.ts";
import type { LibraryFiles } from "./tensorflow.ts";
import { verifyLibrary } from "./verify.ts";
import { downloadWheels, unpackWheel } from "./wheel.ts";

/** Gets lines for people while something takes long. */
export type OnProgress = (line: string) => void;

const GB = 1e9;

/** Room that a build takes while it is set up, the wheels beside their content included, and the size of the download. */
const sizes = { cpu: { room: 1.7 * GB, download: "265 MB" }, gpu: { room: 10 * GB, download: "3.5 GB" } };

/** Begins the name of a folder that is being filled. */
const partialPrefix = ".partial-";

/**
 * Brings TensorFlow's libraries into the cache folder: download, unpack, rename into place, and one computed result.
 *
 * A setup that is killed leaves nothing that a later one would take for whole; one that finds another at work waits for it.
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
  const parent = dirname(installFolder(kind));
  using _lock = await lockSetup(parent, onProgress);
  const present = installedLibrary(kind);
  if (present !== undefined) return present;
  for (const left of readdirSync(parent).filter((entry) => entry.startsWith(partialPrefix))) {
    await Deno.remove(join(parent, left), { recursive: true });
  }
  requireRoom(parent, sizes[kind].room);
  onProgress(
    `Setting up TensorFlow ${tensorflowVersion} in ${installFolder(kind)} (about ${sizes[kind].download}, once)`,
  );
  const partial = await Deno.makeTempDir({ dir: parent, prefix: partialPrefix });
  try {
    await fill(partial, kind, { ...platform, name }, python, onProgress);
    await Deno.remove(installFolder(kind), { recursive: true }).catch(() => {});
    await Deno.rename(join(partial, "content"), installFolder(kind));
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError(`Cannot set up TensorFlow as ${parent} must take its files: ${(error as Error).message}`);
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
  }
  onProgress("Checking that it computes");
  return await verified(kind);
}

/** Returns the library that has just been brought; one that does not compute is removed. */
async function verified(kind: LibraryKind): Promise<LibraryFiles> {
  try {
    const library = installedLibrary(kind);
    if (library === undefined) throw new EngineError("Cannot use the download as it must hold TensorFlow's libraries");
    await verifyLibrary(library, kind);
    return library;
  } catch (error) {
    await Deno.remove(installFolder(kind), { recursive: true });
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
  await Deno.mkdir(content);
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

function atMostEvery<T>(milliseconds: number, work: (value: T) => void): (value: T) => void {
  let last = performance.now();
  return (value) => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    work(value);
  };
}
