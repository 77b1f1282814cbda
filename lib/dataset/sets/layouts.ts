/** What a file is for. */
export type FileRole = "hr" | "lr";

/** Where a file stands in a data set. */
export interface Place {
  /** Truth or low resolution. */
  readonly role: FileRole;
  /** Such as `train`, `test` or `Canon test`. */
  readonly split: string;
  /** The same for both files of a pair. */
  readonly key: string;
}

/** How a data set lies on the disk as its publisher made it. */
export interface SetLayout {
  /** What it is. */
  readonly title: string;
  /** Reads a path below the folder, with slashes; null where the file is no part of the set. */
  readonly place: (path: string) => Place | null;
  /** Files with truth by split, or without where there is none; splits that are not listed may have any number. */
  readonly counts: Readonly<Record<string, number>>;
  /** Whether low-resolution images are expected beside the truth. */
  readonly paired: boolean;
}

type Rule = readonly [pattern: RegExp, role: FileRole, split: string];

/** Data sets that the project knows, by the name of the command line; `any` is every other folder. */
export const setLayouts: {
  readonly [K in SetName]: SetLayout;
} = {
  div2k: layout("DIV2K", { train: 800, valid: 100 }, false, [
    [/(?:^|\/)DIV2K_(train|valid)_HR\/(?<key>\d{4})\.png$/, "hr", "$1"],
    [/(?:^|\/)DIV2K_(train|valid)_LR_bicubic\/X4\/(?<key>\d{4})x4\.png$/, "lr", "$1"],
  ]),
  lsdir: layout("LSDIR", { train: 84991, val: 250 }, false, [
    [/(?:^|\/)HR\/train\/\d+\/(?<key>\d+)\.png$/, "hr", "train"],
    [/(?:^|\/)val1\/HR\/val\/(?<key>[^/]+)\.png$/, "hr", "val"],
    [/(?:^|\/)val1\/X4\/val\/(?<key>[^/]+)x4\.png$/, "lr", "val"],
  ]),
  realsr: layout("RealSR (V3)", { "Canon Test": 50, "Nikon Test": 50 }, true, [
    [/(?:^|\/)(Canon|Nikon)\/(Train|Test)\/4\/(?<key>[^/]+)_HR\.png$/, "hr", "$1 $2"],
    [/(?:^|\/)(Canon|Nikon)\/(Train|Test)\/4\/(?<key>[^/]+)_LR4\.png$/, "lr", "$1 $2"],
  ]),
  drealsr: layout("DRealSR", { test: 93 }, true, [
    [/(?:^|\/)(?:Test|Train)_x4\/(test|train)_HR\/(?<key>[^/]+)_x4\.png$/, "hr", "$1"],
    [/(?:^|\/)(?:Test|Train)_x4\/(test|train)_LR\/(?<key>[^/]+)_x1\.png$/, "lr", "$1"],
  ]),
  crops: layout("128-512 crops of RealSR or DRealSR (StableSR)", {}, true, [
    [/(?:^|\/)test_HR\/(?<key>[^/]+)\.png$/, "hr", "test"],
    [/(?:^|\/)test_LR\/(?<key>[^/]+)\.png$/, "lr", "test"],
  ]),
  reallq250: layout("RealLQ250", { test: 250 }, false, [[/(?:^|\/)lq\/(?<key>[^/]+)\.png$/, "lr", "test"]]),
  "old-films": layout("frames of old films", {}, false, [[/(?:^|\/)(?<key>[^/]+\/\d+)\.png$/, "lr", "frames"]]),
  any: layout("images", {}, false, [
    [/(?:^|\/)(?:gt|hr|GT|HR)\/(?<key>.+)\.\w+$/, "hr", "all"],
    [/(?:^|\/)(?:lr|lq|LR|LQ)\/(?<key>.+)\.\w+$/, "lr", "all"],
    [/^(?!strips\/)(?<key>.+)\.\w+$/, "hr", "all"],
  ]),
};

/** Name of a data set. */
export type SetName = "div2k" | "lsdir" | "realsr" | "drealsr" | "crops" | "reallq250" | "old-films" | "any";

/**
 * Recognise a data set by the paths of its images.
 *
 * @param paths Below the folder, with slashes.
 * @returns Its name: the first layout in which every image of the folder has a place, else `any`.
 */
export function recogniseSet(paths: readonly string[]): SetName {
  const names = Object.keys(setLayouts) as SetName[];
  const isWhole = (name: SetName) => paths.every((path) => setLayouts[name].place(path) !== null);
  const isFrames = (path: string) => /(?:^|\/)\d{3}\/\d+\.png$/.test(path);
  return names.find((name) => (name === "old-films" ? paths.every(isFrames) : isWhole(name))) ?? "any";
}

function layout(
  title: string,
  counts: Readonly<Record<string, number>>,
  paired: boolean,
  rules: readonly Rule[],
): SetLayout {
  return { title, counts, paired, place: (path) => placeBy(rules, path) };
}

function placeBy(rules: readonly Rule[], path: string): Place | null {
  for (const [pattern, role, split] of rules) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const key = match.groups!.key.replace(/(_HR|_LR4|x4|_x4|_x1)$/, "");
    return { role, key, split: split.replaceAll(/\$(\d)/g, (_, group) => match[Number(group)]) };
  }
  return null;
}
