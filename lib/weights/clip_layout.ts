import type { ShapedEntry, TensorPiece } from "./layout.ts";

/**
 * Name the tensors of CLIP's text models as published: with `text_model.` in front, which version 5 of transformers leaves
 * out when it saves a model without projection. A `Layout`.
 *
 * @param entries Shapes by name in the file.
 * @returns Where each tensor lies, by its published name.
 */
export function clipLayout(entries: ReadonlyMap<string, ShapedEntry>): ReadonlyMap<string, TensorPiece> {
  return new Map(Array.from(entries.keys(), (name) => {
    const bare = /^(embeddings|encoder|final_layer_norm)\./.test(name);
    return [bare ? `text_model.${name}` : name, { source: name }];
  }));
}
