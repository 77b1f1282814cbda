import { DataError } from "../core/mod.ts";
import { fluxParts } from "./flux_names.ts";
import type { ShapedEntry, TensorPiece } from "./layout.ts";

/** In front of every name in files for ComfyUI. */
const PREFIX = "model.diffusion_model.";

/**
 * The layout of FLUX checkpoints: diffusers' own, or the original single file (Black Forest Labs 2024), with or without
 * ComfyUI's prefix `model.diffusion_model.`. Names become those of diffusers; one that is not known stays as it is.
 *
 * @param entries Shapes by name in the file.
 * @returns Where each tensor lies, by its name in diffusers.
 * @throws {DataError} If a tensor occurs under two names.
 */
export function fluxLayout(entries: ReadonlyMap<string, ShapedEntry>): ReadonlyMap<string, TensorPiece> {
  const pieces = new Map<string, TensorPiece>();
  for (const [source, { shape }] of entries) {
    const name = source.startsWith(PREFIX) ? source.slice(PREFIX.length) : source;
    for (const [target, rows] of translate(name, { shape })) {
      const other = pieces.get(target)?.source;
      if (other !== undefined) {
        throw new DataError(
          `Cannot read FLUX weights as ${target} must occur once: current value is ${other}, ${source}`,
        );
      }
      pieces.set(target, { source, rows });
    }
  }
  return pieces;
}

/** Names of diffusers and rows for a name of any layout; one that is not known stays. */
function translate(name: string, { shape: [length] }: ShapedEntry): [name: string, rows?: TensorPiece["rows"]][] {
  const [, module, field] = /^(.+)\.(weight|bias|scale)$/.exec(name) ?? [];
  const found = module === undefined ? undefined : fluxParts(module);
  if (found === undefined) return [[name]];
  const suffix = field === "scale" ? "weight" : field; // of a norm
  return found.map(([target, rows]) => [`${target}.${suffix}`, rows?.(length)]);
}
