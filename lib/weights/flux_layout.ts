import { DataError } from "../core/mod.ts";
import type { ShapedEntry, TensorPiece } from "./layout.ts";

/** In front of every name in files for ComfyUI. */
const PREFIX = "model.diffusion_model.";

type Rows = (length: number) => TensorPiece["rows"];

/** A module of the original layout becomes one or more of diffusers', each with its rows. */
type Targets = readonly (readonly [module: string, rows?: Rows])[];

/** Part `k` to `k + count` of `parts` equal ones. */
const part =
  (k: number, parts: number, count = 1): Rows => (length) => [[length * k / parts, length * (k + count) / parts]];

const embedder = (module: string): Record<string, string> => ({
  in_layer: `time_text_embed.${module}.linear_1`,
  out_layer: `time_text_embed.${module}.linear_2`,
});

const EMBEDDERS: Readonly<Record<string, Record<string, string>>> = {
  time_in: embedder("timestep_embedder"),
  guidance_in: embedder("guidance_embedder"),
  vector_in: embedder("text_embedder"),
};

const OUTER: Readonly<Record<string, Targets>> = {
  img_in: [["x_embedder"]],
  txt_in: [["context_embedder"]],
  "final_layer.linear": [["proj_out"]],
  // The original has (shift, scale), diffusers (scale, shift).
  "final_layer.adaLN_modulation.1": [["norm_out.linear", (length) => [[length / 2, length], [0, length / 2]]]],
};

const DOUBLE: Readonly<Record<string, Targets>> = {
  "img_mod.lin": [["norm1.linear"]],
  "txt_mod.lin": [["norm1_context.linear"]],
  "img_attn.qkv": ["to_q", "to_k", "to_v"].map((name, k) => [`attn.${name}`, part(k, 3)]),
  "txt_attn.qkv": ["add_q_proj", "add_k_proj", "add_v_proj"].map((name, k) => [`attn.${name}`, part(k, 3)]),
  "img_attn.norm.query_norm": [["attn.norm_q"]],
  "img_attn.norm.key_norm": [["attn.norm_k"]],
  "txt_attn.norm.query_norm": [["attn.norm_added_q"]],
  "txt_attn.norm.key_norm": [["attn.norm_added_k"]],
  "img_attn.proj": [["attn.to_out.0"]],
  "txt_attn.proj": [["attn.to_add_out"]],
  "img_mlp.0": [["ff.net.0.proj"]],
  "img_mlp.2": [["ff.net.2"]],
  "txt_mlp.0": [["ff_context.net.0.proj"]],
  "txt_mlp.2": [["ff_context.net.2"]],
};

const SINGLE: Readonly<Record<string, Targets>> = {
  "modulation.lin": [["norm.linear"]],
  linear1: [
    ["attn.to_q", part(0, 7)],
    ["attn.to_k", part(1, 7)],
    ["attn.to_v", part(2, 7)],
    ["proj_mlp", part(3, 7, 4)], // the feed-forward part is four times as wide
  ],
  linear2: [["proj_out"]],
  "norm.query_norm": [["attn.norm_q"]],
  "norm.key_norm": [["attn.norm_k"]],
};

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
  const found = module === undefined ? undefined : targetsOf(module);
  if (found === undefined) return [[name]];
  const suffix = field === "scale" ? "weight" : field; // of a norm
  return found.map(([target, rows]) => [`${target}.${suffix}`, rows?.(length)]);
}

function targetsOf(module: string): Targets | undefined {
  const [, kind, index, inner] = /^(double|single)_blocks\.(\d+)\.(.+)$/.exec(module) ?? [];
  if (kind !== undefined) {
    const table = kind === "double" ? DOUBLE : SINGLE, block = kind === "double" ? "" : "single_";
    return own(table, inner)?.map(([target, rows]) => [`${block}transformer_blocks.${index}.${target}`, rows]);
  }
  const [, outer, layer] = /^(\w+)\.(\w+)$/.exec(module) ?? [];
  const embedded = own(own(EMBEDDERS, outer) ?? {}, layer);
  return embedded === undefined ? own(OUTER, module) : [[embedded]];
}

/** An own property: names of a file may be those of every object, such as `constructor`. */
function own<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
