import { DataError } from "../../core/mod.ts";
import type { ImageFolder } from "./sources.ts";

/** What names of results have beyond those of their truths. */
export interface NameAffixes {
  /** Before them, such as `div2k_all_` of negatives. */
  readonly prefixes: readonly string[];
  /** Behind them, such as `_out` of Real-ESRGAN. */
  readonly suffixes: readonly string[];
}

/**
 * Name the files of a folder as their partners. A file that has its partner's name keeps it; of others prefix and suffix are
 * taken away. There, `/` counts as `_`, as `deno task negatives` writes names.
 *
 * @param partners Folder of truths, or of the first results where there are none; null for the first results themselves.
 * @throws {DataError} If two files have one partner, or no file has one; it says which affix would pair them.
 */
export function pairNames(folder: ImageFolder, partners: ImageFolder | null, affixes: NameAffixes): ImageFolder {
  const files = new Map<string, string>();
  const flat = partners && new Map(Array.from(partners.files.keys(), (stem) => [flatName(stem), stem]));
  for (const [stem, file] of folder.files) {
    const name = partners?.files.has(stem) ? stem : plainName(stem, flat, affixes) ?? stem;
    const other = files.get(name);
    if (other !== undefined) {
      throw new DataError(`Cannot pair ${file} as ${name} must have one file: current value is ${other}`);
    }
    files.set(name, file);
  }
  if (flat && ![...files.keys()].some((name) => partners!.files.has(name))) {
    const [ours] = folder.files.keys(), [theirs] = partners!.files.keys(), hint = affixHint(folder, flat);
    throw new DataError(
      `Cannot pair the images of ${folder.path} with those of ${partners!.path} as their names must agree: ` +
        `current values are such as ${ours} and ${theirs}${hint && ` (${hint} pairs them)`}`,
    );
  }
  return { ...folder, files };
}

function plainName(
  stem: string,
  partners: ReadonlyMap<string, string> | null,
  { prefixes, suffixes }: NameAffixes,
): string | undefined {
  const name = partners ? flatName(stem) : stem;
  for (const prefix of [...prefixes, ""]) {
    for (const suffix of [...suffixes, ""]) {
      if (name.length <= prefix.length + suffix.length || !name.startsWith(prefix) || !name.endsWith(suffix)) continue;
      const inner = name.slice(prefix.length, name.length - suffix.length);
      const found = partners ? partners.get(inner) : inner;
      if (found !== undefined) return found;
    }
  }
}

/** The options that would pair every file of a folder; empty where one affix does not. */
function affixHint({ files }: ImageFolder, partners: ReadonlyMap<string, string>): string {
  const names = Array.from(files.keys(), flatName), [first] = names;
  for (const partner of partners.keys()) {
    const at = first.indexOf(partner);
    if (at < 0) continue;
    const prefix = first.slice(0, at), suffix = first.slice(at + partner.length);
    const affixes = { prefixes: [prefix], suffixes: [suffix] };
    if (!names.every((name) => plainName(name, partners, affixes) !== undefined)) continue;
    return [prefix && `--prefix ${prefix}`, suffix && `--suffix ${suffix}`].filter(Boolean).join(" ");
  }
  return "";
}

function flatName(stem: string): string {
  return stem.replaceAll(/[^\w.-]/g, "_");
}
