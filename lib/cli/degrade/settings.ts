import { UsageError } from "../../core/mod.ts";
import { degradationPresets, type DegradeSettings, type SmallImages } from "../../dataset/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import { oneOf, type OptionValues, wholeNumber } from "../options.ts";

/**
 * Reads what decides every byte of a result from the options of the command.
 *
 * @throws {UsageError} If an option is of another form, or does not go with the others.
 */
export function settingsOf(values: OptionValues): DegradeSettings {
  const size = values.size === undefined ? null : wholeNumber("size", values.size, 4, 4);
  if (size !== null && size % 4 !== 0) {
    throw new UsageError(`Cannot read --size as it must be a multiple of 4: current value is ${size}`);
  }
  for (const name of ["coco", "text"]) {
    if (values[name] !== undefined && size !== null) {
      throw new UsageError(
        `Cannot take --${name} along as --size would cut what it outlines: current value is ${size}`,
      );
    }
  }
  if (size === null && values.patches !== undefined) throw new UsageError("Cannot cut --patches as --size is needed");
  return {
    preset: oneOf("preset", values.preset, degradationPresets, "hard"),
    seed: wholeNumber("seed", values.seed, 0),
    gtUsm: !values["plain-truth"],
    size,
    crop: oneOf("crop", values.crop, ["random", "centre"], "random"),
    small: oneOf<SmallImages>("small", values.small, ["largest", "skip", "refuse"], "largest"),
    resize: sides(values.resize ?? (values.coco === undefined ? undefined : "512x512")),
  };
}

function sides(value: OptionValues[string]): RasterSize | null {
  if (value === undefined) return null;
  const text = String(value);
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  const [width, height] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
  if (width > 0 && height > 0 && width % 4 === 0 && height % 4 === 0) return { width, height };
  throw new UsageError(`Cannot read --resize as it must be such as 512x512, multiples of 4: current value is ${text}`);
}
