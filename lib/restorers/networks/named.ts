import { join } from "node:path";
import { findFile, readBytes, sha256Hex, UsageError } from "../../core/mod.ts";
import { bicubic } from "../bicubic.ts";
import type { TracedRestorer } from "../restore_image.ts";
import type { Restorer } from "../restorer.ts";
import { loadRestorer, type RestorerNetworkName } from "./load.ts";

/** File of each network in a folder of weights. */
const FILES: Readonly<Record<string, readonly [network: RestorerNetworkName, file: string]>> = {
  "realesrgan-general": ["realesrgan-general", "realesr_general_x4v3.safetensors"],
  "realesrgan-general-wdn": ["realesrgan-general", "realesr_general_wdn_x4v3.safetensors"],
  efdn: ["efdn", "efdn.safetensors"],
  rlfn: ["rlfn", "rlfn_cut_ntire22.safetensors"],
};

/** Context of bicubic interpolation: its kernel reaches two pixels. */
const BICUBIC = { context: 4, exactTiles: true, minSide: 1 };

/** Names of {@link openRestorer}, without the blends. */
export const restorerNames: readonly string[] = ["bicubic", ...Object.keys(FILES)];

/** A restorer that was opened by its name; disposing frees its parameters. */
export interface NamedRestorer extends Disposable {
  /** What it was opened by; fit for a folder. */
  readonly name: string;
  /** Changes whenever its outputs would. */
  readonly hash: string;
  /** The restorer itself. */
  readonly restore: Restorer;
  /** The restorer as one step of the engine, faster for many images of one size. */
  readonly traced: TracedRestorer;
  /** How far an output looks, in low-resolution pixels. */
  readonly context: number;
  /** Whether that is all it depends on. */
  readonly exactTiles: boolean;
  /** Least side of an input. */
  readonly minSide: number;
}

/**
 * Check the name of a restorer: one of {@link restorerNames}, or `realesrgan-general@STRENGTH`, the blend of the general
 * network with its twin that keeps noise. STRENGTH is Real-ESRGAN's denoise strength, the share of the general network:
 * 1 is that network, 0 its twin.
 *
 * @returns The name without the strength, and the strength or null.
 * @throws {UsageError} If it is another name.
 */
export function readRestorerName(name: string): { readonly base: string; readonly strength: number | null } {
  if (restorerNames.includes(name)) return { base: name, strength: null };
  const match = /^realesrgan-general@(0(?:\.\d+)?|1(?:\.0+)?)$/.exec(name);
  if (match !== null) return { base: "realesrgan-general", strength: Number(match[1]) };
  throw new UsageError(
    `Cannot use restorer as it must be one of ${restorerNames.join(", ")}, or a blend such as ` +
      `realesrgan-general@0.5: current value is ${name}`,
  );
}

/**
 * Open a restorer of the project by its name, as {@link readRestorerName} reads it.
 *
 * @param weights Folder of safetensors files, searched with those inside, named as `realesr_general_x4v3.safetensors`,
 *   `realesr_general_wdn_x4v3.safetensors`, `efdn.safetensors` and `rlfn_cut_ntire22.safetensors`.
 * @throws {UsageError} If the name is unknown.
 * @throws {InputOutputError} If its file is missing.
 * @throws {DataError} If its file holds something else.
 */
export async function openRestorer(name: string, weights: string): Promise<NamedRestorer> {
  const { base, strength } = readRestorerName(name);
  if (base === "bicubic") {
    const traced: TracedRestorer = (lr) => Promise.resolve(bicubic(lr));
    return { name, hash: "bicubic", restore: bicubic, traced, ...BICUBIC, [Symbol.dispose]() {} };
  }
  const [network, file] = FILES[base], inside = (name: string) => findFile(weights, name) ?? join(weights, name);
  const path = inside(file);
  const hashes = [sha256Hex(await readBytes(path))];
  const twin = inside(FILES["realesrgan-general-wdn"][1]);
  if (strength !== null) hashes.push(sha256Hex(await readBytes(twin)), String(strength));
  const blend = strength === null ? undefined : { path: twin, share: 1 - strength };
  const loaded = await loadRestorer(network, path, { blend });
  const { context, exactTiles, minSide } = loaded.network;
  const hash = hashes.length === 1 ? hashes[0] : sha256Hex(hashes.join());
  return {
    name,
    hash,
    restore: loaded.restore,
    traced: loaded.traced,
    context,
    exactTiles,
    minSide,
    [Symbol.dispose]: () => loaded[Symbol.dispose](),
  };
}
