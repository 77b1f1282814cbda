import { tf } from "../../engine/mod.ts";
import { tensorScope } from "../../core/mod.ts";
import {
  affineLayerNorm,
  type BlockLayout,
  causalMask,
  geluErf,
  linear,
  quickGelu,
  transformerBlock,
} from "../../nn/mod.ts";
import type { ClipConfig } from "./clip_config.ts";
import { type PartReader, withPart } from "./parts.ts";
import { embedTokens } from "./tokens.ts";

const LAYOUT: BlockLayout = {
  firstNorm: "layer_norm1",
  heads: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  out: "self_attn.out_proj",
  secondNorm: "layer_norm2",
  up: "mlp.fc1",
  down: "mlp.fc2",
};

/** What CLIP makes of texts. */
export interface ClipStates {
  /** Tokens before the first block and after each one, without the last norm: SDXL reads the last but one. `[B, N, C]` */
  readonly hidden: readonly tf.Tensor3D[];
  /** Tokens after the last norm. `[B, N, C]` */
  readonly last: tf.Tensor3D;
  /** The token that ends the text, projected where the model has a projection. `[B, C]` or `[B, projection]` */
  readonly pooled: tf.Tensor2D;
}

/**
 * Encode texts by one of CLIP's text models (Radford et al. 2021). A token sees those before it.
 *
 * Weights are read block by block and freed again.
 *
 * @param config Widths and depths.
 * @param read Gives the weights under their published names, those of `clipShapes(config)`.
 * @param ids Tokens of the texts, all of one length. The largest of a text ends it, where it stands first.
 * @returns Tensors that belong to the caller.
 * @throws {RangeError} If the texts are of different lengths or too long, or a token is not in the vocabulary.
 */
export async function encodeClip(
  config: ClipConfig,
  read: PartReader,
  ids: readonly (readonly number[])[],
): Promise<ClipStates> {
  const { width, length, epsilon } = config, count = ids[0]?.length ?? 0, model = "text_model";
  if (count > length) {
    throw new RangeError(`Cannot encode texts as they may have ${length} tokens: current value is ${count}`);
  }
  using scope = tensorScope();
  const hidden = [
    scope.own(
      await withPart(read, `${model}.embeddings.`, (params) =>
        tf.tidy(() => {
          const tokens = embedTokens(params[`${model}.embeddings.token_embedding.weight`], ids);
          return tokens.add<tf.Tensor3D>(
            tf.slice(params[`${model}.embeddings.position_embedding.weight`], 0, count),
          );
        })),
    ),
  ];
  const bias = scope.own(causalMask(count));
  const activation = config.activation === "gelu" ? geluErf : quickGelu;
  const options = { layout: LAYOUT, heads: config.heads, epsilon, activation, bias };
  for (let i = 0; i < config.blocks; i++) {
    const block = `${model}.encoder.layers.${i}`;
    const next = await withPart(read, `${block}.`, (params) => transformerBlock(params, block, hidden[i], options));
    hidden.push(scope.own(next as tf.Tensor3D));
  }
  const last = scope.own(
    await withPart(
      read,
      `${model}.final_layer_norm.`,
      (params) => tf.tidy(() => affineLayerNorm(params, `${model}.final_layer_norm`, hidden[config.blocks], epsilon)),
    ),
  ) as tf.Tensor3D;
  const ends = scope.own(tf.tidy(() => {
    const rows = ids.map((text, b) => b * count + text.indexOf(Math.max(...text)));
    return tf.gather(last.reshape([-1, width]), tf.tensor1d(rows, "int32")) as tf.Tensor2D;
  }));
  const pooled = config.projection === undefined ? ends : scope.own(
    await withPart(read, "text_projection.", (params) => tf.tidy(() => linear(params, "text_projection", ends))),
  ) as tf.Tensor2D;
  return scope.keep({ hidden, last, pooled });
}
