import { basename, extname, join } from "node:path";
import { readBytes, sha256Hex, UsageError } from "../../core/mod.ts";
import { type Raster, readImage } from "../../image/mod.ts";
import {
  bicubic,
  checkOutputs,
  loadRestorer,
  publishedSystems,
  restoreImage,
  type RestorerNetworkName,
} from "../../restorers/mod.ts";
import type { ChosenPair } from "./choose.ts";

/** Something that makes a negative of a pair. */
export interface NegativeMaker extends Disposable {
  /** Name of its folder. */
  readonly name: string;
  /** Changes whenever its outputs would. */
  readonly hash: string;
  /** Makes the output of one image; null where a folder has none. */
  readonly make: (pair: ChosenPair, lr: Raster, signal: AbortSignal) => Promise<Raster | null>;
}

/** File of each network in the folder of weights. */
const FILES: Readonly<Record<string, readonly [network: RestorerNetworkName, file: string]>> = {
  "realesrgan-general": ["realesrgan-general", "realesr_general_x4v3.safetensors"],
  "realesrgan-general-wdn": ["realesrgan-general", "realesr_general_wdn_x4v3.safetensors"],
  efdn: ["efdn", "efdn.safetensors"],
  rlfn: ["rlfn", "rlfn_cut_ntire22.safetensors"],
};

/** Names that `--restorers` takes. */
export const makerNames: readonly string[] = ["bicubic", ...Object.keys(FILES)];

/**
 * Opens a restorer of the project.
 *
 * @throws {UsageError} If the name is unknown.
 * @throws {InputOutputError} If its file is missing.
 */
export async function openMaker(name: string, weights: string): Promise<NegativeMaker> {
  if (name === "bicubic") {
    const make = (_: ChosenPair, lr: Raster, signal: AbortSignal) =>
      restoreImage(bicubic, lr, { context: 4, exact: true, signal });
    return { name, hash: "bicubic", make, [Symbol.dispose]: () => {} };
  }
  if (!(name in FILES)) {
    throw new UsageError(
      `Cannot read --restorers as they must be of ${makerNames.join(", ")}: current value is ${name}`,
    );
  }
  const [network, file] = FILES[name], path = join(weights, file);
  const loaded = await loadRestorer(network, path);
  const { context, exactTiles: exact } = loaded.network;
  return {
    name,
    hash: sha256Hex(await readBytes(path)),
    make: (_, lr, signal) => restoreImage(loaded.traced, lr, { context, exact, signal }),
    [Symbol.dispose]: () => loaded[Symbol.dispose](),
  };
}

/**
 * Takes the outputs of any other system from a folder, `NAME=DIR`.
 *
 * @param onProblem Called with every output that is missing or cannot be used.
 * @throws {UsageError} If it is not of that form.
 */
export async function openFolder(
  text: string,
  pairs: readonly ChosenPair[],
  onProblem: (text: string) => void,
): Promise<NegativeMaker> {
  const [name, folder] = [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)];
  if (!/^[\w.-]+$/.test(name) || folder === "" || makerNames.includes(name)) {
    throw new UsageError(
      `Cannot read --outputs as it must be NAME=DIR, such as seesr=outputs: current value is ${text}`,
    );
  }
  const suffixes = Object.entries(publishedSystems).find(([known]) => known === name)?.[1].suffixes ?? [];
  const nameOf = ({ lr }: ChosenPair) => basename(lr, extname(lr));
  const inputs = [];
  for (const pair of pairs) {
    const { image: { width, height } } = await readImage(pair.lr);
    inputs.push({ name: nameOf(pair), width, height });
  }
  const { files, missing, faults } = await checkOutputs(folder, inputs, suffixes);
  for (const fault of faults) onProblem(fault);
  if (missing.length > 0) onProblem(`${name} has no output of ${missing.length} images, such as ${missing[0]}`);
  const hashes = [];
  for (const path of files.values()) hashes.push(sha256Hex(await readBytes(path)));
  return {
    name,
    hash: sha256Hex(hashes.join()),
    make: async (pair) => {
      const path = files.get(nameOf(pair));
      return path === undefined ? null : (await readImage(path)).image;
    },
    [Symbol.dispose]: () => {},
  };
}
