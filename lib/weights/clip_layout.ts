import type { Layout } from "./layout.ts";

const MODEL = "text_model.";

/**
 * Name the tensors of CLIP's text models as published: with `text_model.` in front, which version 5 of transformers leaves
 * out when it saves a model without projection.
 */
export const clipLayout: Layout = (entries) =>
  new Map(Array.from(entries.keys(), (name) => {
    const bare = /^(embeddings|encoder|final_layer_norm)\./.test(name);
    return [bare ? `${MODEL}${name}` : name, { source: name }];
  }));
