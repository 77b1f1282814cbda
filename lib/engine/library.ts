import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache_folder.ts";
import { EngineError } from "./errors.ts";
import { tensorflowVersion, thisPlatform } from "./platform.ts";
import type { LibraryFiles } from "./tensorflow.ts";

/** Builds of TensorFlow: for the processor, or with CUDA. */
export type LibraryKind = "cpu" | "gpu";

/** Environment variable that names a folder with TensorFlow's two libraries. */
export const libraryVariable = "ASASR_TENSORFLOW_DIR";

/** Returns the folder that setup fills for a build: `tensorflow` and, with CUDA, `nvidia` in it. */
export function installFolder(kind: LibraryKind): string {
  return join(cacheFolder(), "engine", `tensorflow-${tensorflowVersion}-${kind}`);
}

/**
 * Returns the library of the folder that `ASASR_TENSORFLOW_DIR` names, or undefined if it is not set.
 *
 * @throws {EngineError} If the folder lacks a library.
 */
export function namedLibrary(): LibraryFiles | undefined {
  const folder = Deno.env.get(libraryVariable);
  if (!folder) return undefined;
  const library = libraryIn(folder);
  if (library === undefined) {
    const names = thisPlatform();
    const wanted = names ? `${names.main} and ${names.framework}` : "libraries for this platform";
    throw new EngineError(
      `Cannot use the folder of ${libraryVariable} as it must hold ${wanted}: current value is ${folder}`,
    );
  }
  return library;
}

/** Returns the library that setup has brought, or undefined if it has not. */
export function installedLibrary(kind: LibraryKind): LibraryFiles | undefined {
  return libraryIn(join(installFolder(kind), "tensorflow"));
}

/** Returns the files of TensorFlow in a folder, and of a folder `nvidia` beside it, as in Python's site-packages. */
export function libraryIn(folder: string): LibraryFiles | undefined {
  const platform = thisPlatform();
  if (platform === undefined) return undefined;
  const main = join(folder, platform.main);
  const framework = join(folder, platform.framework);
  if (!existsSync(main) || !existsSync(framework)) return undefined;
  return { main, framework, nvidia: nvidiaLibraries(join(folder, "..", "nvidia")) };
}

/** Wrappers and variants that take the place of what TensorFlow asks for. */
const notPreloaded = /^libnvblas\.|\.alt\./;

/** Shared libraries in `nvidia/<component>/lib`. */
function nvidiaLibraries(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).sort().flatMap((component) => {
    const libraries = join(folder, component, "lib");
    if (!existsSync(libraries)) return [];
    return readdirSync(libraries).sort()
      .filter((name) => name.includes(".so.") && !notPreloaded.test(name))
      .map((name) => join(libraries, name));
  });
}
