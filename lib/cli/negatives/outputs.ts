import { listImages } from "../../dataset/mod.ts";
import { UsageError } from "../../core/mod.ts";
import { restorerNames } from "../../restorers/mod.ts";

/** The outputs of a system: its name, and the folder that holds them. */
export interface NamedOutputs {
  readonly name: string;
  readonly folder: string;
}

/**
 * Reads `NAME=DIR` before any work is done.
 *
 * @throws {UsageError} If one is of another form, or its name is that of another one or of a restorer of the project.
 * @throws {DataError} If a folder does not exist or holds no image.
 */
export async function namedOutputs(texts: readonly string[]): Promise<NamedOutputs[]> {
  const found: NamedOutputs[] = [];
  for (const text of texts) {
    const at = text.indexOf("="), name = text.slice(0, Math.max(at, 0)), folder = text.slice(at + 1);
    if (!/^[\w.-]+$/.test(name) || folder === "") {
      throw new UsageError(
        `Cannot read --outputs as it must be NAME=DIR, such as seesr=outputs: current value is ${text}`,
      );
    }
    if (restorerNames.includes(name) || found.some((other) => other.name === name)) {
      const rule = restorerNames.includes(name) ? `${name} is run by --restorers ${name}` : "every name stands once";
      throw new UsageError(`Cannot read --outputs as ${rule}: current value is ${text}; choose another name`);
    }
    await listImages([folder]);
    found.push({ name, folder });
  }
  return found;
}
