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
  /** Sides of the truth over those of the low-resolution image. */
  readonly ratio: 1 | 4;
  /** Side of every image of a role, where the publisher made them square and equal. */
  readonly sides: Readonly<Partial<Record<FileRole, number>>>;
}

/** Name of a data set. */
export type SetName =
  | "div2k"
  | "lsdir"
  | "realsr"
  | "drealsr"
  | "crops"
  | "city100"
  | "reallq250"
  | "old-films"
  | "pairs"
  | "any";

type Rule = readonly [pattern: RegExp, role: FileRole, split: string];

/** Data sets that the project knows, by the name of the command line; `any` is every other folder. */
export const setLayouts: { readonly [K in SetName]: SetLayout } = {
  div2k: layout({ title: "DIV2K", counts: { train: 800, valid: 100 } }, [
    [/(?:^|\/)DIV2K_(train|valid)_HR\/(?<key>\d{4})\.png$/, "hr", "$1"],
    [/(?:^|\/)DIV2K_(train|valid)_LR_bicubic\/X4\/(?<key>\d{4})x4\.png$/, "lr", "$1"],
  ]),
  lsdir: layout({ title: "LSDIR", counts: { train: 84991, val: 250 } }, [
    [/(?:^|\/)HR\/train\/\d+\/(?<key>\d+)\.png$/, "hr", "train"],
    [/(?:^|\/)val1\/HR\/val\/(?<key>[^/]+)\.png$/, "hr", "val"],
    [/(?:^|\/)val1\/X4\/val\/(?<key>[^/]+)x4\.png$/, "lr", "val"],
  ]),
  realsr: layout({ title: "RealSR (V3)", counts: { "Canon Test": 50, "Nikon Test": 50 }, paired: true }, [
    [/(?:^|\/)(Canon|Nikon)\/(Train|Test)\/4\/(?<key>[^/]+)_HR\.png$/, "hr", "$1 $2"],
    [/(?:^|\/)(Canon|Nikon)\/(Train|Test)\/4\/(?<key>[^/]+)_LR4\.png$/, "lr", "$1 $2"],
  ]),
  drealsr: layout({ title: "DRealSR", counts: { test: 93 }, paired: true }, [
    [/(?:^|\/)(?:Test|Train)_x4\/(test|train)_HR\/(?<key>[^/]+)_x4\.png$/, "hr", "$1"],
    [/(?:^|\/)(?:Test|Train)_x4\/(test|train)_LR\/(?<key>[^/]+)_x1\.png$/, "lr", "$1"],
  ]),
  crops: layout({ title: "128-512 crops of RealSR or DRealSR (StableSR)", paired: true, sides: { hr: 512, lr: 128 } }, [
    [/(?:^|\/)test_HR\/(?<key>[^/]+)\.png$/, "hr", "test"],
    [/(?:^|\/)test_LR\/(?<key>[^/]+)\.png$/, "lr", "test"],
  ]),
  city100: layout({ title: "City100 (real pairs on one grid, not x4)", paired: true, ratio: 1 }, [
    [/(?:^|\/)(?<key>(?:[^/]+\/)?\d{3})H\.png$/, "hr", "all"],
    [/(?:^|\/)(?<key>(?:[^/]+\/)?\d{3})L\.png$/, "lr", "all"],
  ]),
  reallq250: layout({ title: "RealLQ250", counts: { test: 250 }, sides: { lr: 256 } }, [
    [/(?:^|\/)lq\/(?<key>[^/]+)\.png$/, "lr", "test"],
  ]),
  "old-films": layout({ title: "frames of old films" }, [
    [/(?:^|\/)(?<key>\d{3}[/_]\d+)\.png$/, "lr", "frames"],
    [/(?:^|\/)(?<key>[^/]+\/\d+)\.png$/, "lr", "frames"],
  ]),
  pairs: layout({ title: "pairs of images" }, [
    [/^(?<parent>.+\/)?(?:gt|hr|GT|HR)\/(?<key>.+)\.\w+$/, "hr", "all"],
    [/^(?<parent>.+\/)?(?:lr|lq|LR|LQ)\/(?<key>.+)\.\w+$/, "lr", "all"],
  ]),
  any: layout({ title: "images" }, [[/^(?<key>.+)\.\w+$/, "hr", "all"]]),
};

/** Sets whose every image must have a place: their names alone would fit others' files. */
const WHOLE: ReadonlySet<SetName> = new Set(["city100", "reallq250"]);

/**
 * Recognise a data set by the paths of its images.
 *
 * A download often holds more than is used here, such as DIV2K's other factors, or outputs of restorers beside the pairs:
 * the publishers' folder names decide, and the other images are no part of the set.
 *
 * @param paths Below the folder, with slashes.
 * @returns Its name: the first layout that fits, else `any`.
 */
export function recogniseSet(paths: readonly string[]): SetName {
  const names = Object.keys(setLayouts) as SetName[];
  const fits = (name: SetName): boolean => {
    const places = paths.map((path) => setLayouts[name].place(path));
    if (name === "any") return true;
    if (name === "old-films") return paths.every((path) => /(?:^|\/)\d{3}[/_]\d+\.png$/.test(path));
    if (WHOLE.has(name)) return places.every((place) => place !== null);
    if (name === "pairs") return ["hr", "lr"].every((role) => places.some((place) => place?.role === role));
    return places.some((place) => place !== null);
  };
  return names.find(fits)!;
}

function layout(
  { title, counts = {}, paired = false, ratio = 4, sides = {} }: Partial<SetLayout> & Pick<SetLayout, "title">,
  rules: readonly Rule[],
): SetLayout {
  return { title, counts, paired, ratio, sides, place: (path) => placeBy(rules, path) };
}

function placeBy(rules: readonly Rule[], path: string): Place | null {
  for (const [pattern, role, split] of rules) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const { key, parent = "" } = match.groups!;
    const group = (number: string) => match[Number(number)];
    return {
      role,
      key: parent + key.replace(/(_HR|_LR4|x4|_x4|_x1)$/, ""),
      split: split.replaceAll(/\$(\d)/g, (_, number) => group(number)),
    };
  }
  return null;
}
