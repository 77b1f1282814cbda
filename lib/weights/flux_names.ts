import type { TensorPiece } from "./layout.ts";

/** Ranges of the first axis of a fused layer, by its length. */
type Rows = (length: number) => TensorPiece["rows"];

/** A layer of the original becomes one or more of diffusers', each with its rows. */
export type FluxParts = readonly (readonly [module: string, rows?: Rows])[];

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

const OUTER: Readonly<Record<string, FluxParts>> = {
  img_in: [["x_embedder"]],
  txt_in: [["context_embedder"]],
  "final_layer.linear": [["proj_out"]],
  // The original has (shift, scale), diffusers (scale, shift).
  "final_layer.adaLN_modulation.1": [["norm_out.linear", (length) => [[length / 2, length], [0, length / 2]]]],
};

const DOUBLE: Readonly<Record<string, FluxParts>> = {
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

const SINGLE: Readonly<Record<string, FluxParts>> = {
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
 * List the layers of diffusers that a layer of the original is.
 *
 * @param layer Such as `double_blocks.0.img_attn.qkv`.
 * @returns Nothing for a name that is not known.
 */
export function fluxParts(layer: string): FluxParts | undefined {
  const [, kind, index, inner] = /^(double|single)_blocks\.(\d+)\.(.+)$/.exec(layer) ?? [];
  if (kind !== undefined) {
    const table = kind === "double" ? DOUBLE : SINGLE, block = kind === "double" ? "" : "single_";
    return own(table, inner)?.map(([module, rows]) => [`${block}transformer_blocks.${index}.${module}`, rows]);
  }
  const [, outer, part] = /^(\w+)\.(\w+)$/.exec(layer) ?? [];
  const embedded = own(own(EMBEDDERS, outer) ?? {}, part);
  return embedded === undefined ? own(OUTER, layer) : [[embedded]];
}

/**
 * Find the layer of the original that a layer of diffusers is, or is a part of.
 *
 * @param module Such as `transformer_blocks.0.attn.to_q`.
 * @returns Nothing for a name that is not known.
 */
export function originalFluxLayer(module: string): string | undefined {
  const [, single, index, inner] = /^(single_)?transformer_blocks\.(\d+)\.(.+)$/.exec(module) ?? [];
  const layerIn = (table: Readonly<Record<string, FluxParts>>, name: string) =>
    Object.keys(table).find((layer) => table[layer].some(([part]) => part === name));
  if (inner !== undefined) {
    const layer = layerIn(single ? SINGLE : DOUBLE, inner);
    return layer && `${single ? "single" : "double"}_blocks.${index}.${layer}`;
  }
  return layerIn(OUTER, module) ?? embedderLayers.find((layer) => fluxParts(layer)?.[0][0] === module);
}

/**
 * Find the layer of the original whose name was written with underscores in place of dots.
 *
 * @param name Such as `double_blocks_0_img_attn_qkv`.
 * @returns Nothing for a name that is not known.
 */
export function dottedFluxLayer(name: string): string | undefined {
  const among = (layers: readonly string[], flat: string) =>
    layers.find((layer) => layer.replaceAll(".", "_") === flat);
  const [, kind, index, inner] = /^(double|single)_blocks_(\d+)_(.+)$/.exec(name) ?? [];
  if (kind === undefined) return among([...Object.keys(OUTER), ...embedderLayers], name);
  const layer = among(Object.keys(kind === "double" ? DOUBLE : SINGLE), inner);
  return layer && `${kind}_blocks.${index}.${layer}`;
}

const embedderLayers = Object.entries(EMBEDDERS).flatMap(([outer, parts]) =>
  Object.keys(parts).map((part) => `${outer}.${part}`)
);

/** An own property: names of a file may be those of every object, such as `constructor`. */
function own<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
