import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { affineLayerNorm, blockLayouts, linear, transformerBlock } from "../../nn/mod.ts";
import { blockShapes } from "./block_shapes.ts";
import { joinShapes, linearShapes, normShapes, type Shapes } from "./layout.ts";
import { musiqBlock, musiqRoot, STEM_VALUES, stemShapes } from "./musiq_stem.ts";
import { GRID, type MusiqTokens, PATCH } from "./musiq_tokens.ts";

/** Sizes of a MUSIQ network. */
export interface MusiqConfig {
  /** Of the tokens. */
  readonly width: number;
  /** Between the two layers of a block. */
  readonly hidden: number;
  /** Attention heads. */
  readonly heads: number;
  /** Blocks. */
  readonly depth: number;
  /** 1: the score itself; 10: the probabilities of the scores 1 to 10, as of AVA. */
  readonly outputs: 1 | 10;
}

/** The published networks: `koniq` (0 to 100) and, with ten outputs, AVA's. */
export const musiqConfig: MusiqConfig = { width: 384, hidden: 1152, heads: 6, depth: 14, outputs: 1 };

const BLOCK = "transformer_encoder.transformer.encoderblock_";
const POSITIONS = "transformer_encoder.posembed_input.position_emb";
const SCALES = "transformer_encoder.scaleembed_input.scale_emb";
const CLASS = "transformer_encoder.cls";
/** Patches that pass through the stem at once: 256 need about 100 MB. */
const CHUNK = 256;

/** Shape of every parameter of a MUSIQ network, as the published files name them. */
export function musiqShapes({ width, hidden, depth, outputs }: MusiqConfig): Shapes {
  return joinShapes([
    stemShapes,
    linearShapes("embedding", STEM_VALUES, width),
    { [POSITIONS]: [1, GRID * GRID, width], [SCALES]: [3, width], [CLASS]: [1, 1, width] },
    ...Array.from({ length: depth }, (_, i) => blockShapes(`${BLOCK}${i}`, blockLayouts.musiq, width, hidden)),
    normShapes("transformer_encoder.encoder_norm", width),
    linearShapes(headName(outputs), width, outputs),
  ]);
}

/**
 * Rate an image by itself, MUSIQ (Ke, Wang, Wang, Milanfar and Yang 2021). Higher is better.
 *
 * @param config Sizes.
 * @param params As {@linkcode musiqShapes} names them.
 * @param tokens Patches of all views; an image of 1024 x 1024 has 1,217.
 * @returns The score: 0 to 100 for KonIQ's network, 1 to 10 for AVA's. `[1]`
 */
export function musiq(config: MusiqConfig, params: Params, tokens: MusiqTokens): tf.Tensor1D {
  return tf.tidy(() => {
    const positions = params[POSITIONS].squeeze([0]).gather(tf.tensor1d(tokens.cells, "int32"));
    const scales = params[SCALES].gather(tf.tensor1d(tokens.scales, "int32"));
    const placed = embedPatches(params, tokens).add(positions).add(scales).expandDims(0);
    let x: tf.Tensor = tf.concat([params[CLASS], placed], 1); // [1, 1 + N, C]
    for (let i = 0; i < config.depth; i++) {
      const next = transformerBlock(params, `${BLOCK}${i}`, x, { layout: blockLayouts.musiq, heads: config.heads });
      x.dispose();
      x = next;
    }
    const first = tf.slice(x, [0, 0, 0], [1, 1, config.width]).reshape([1, config.width]);
    const normalised = affineLayerNorm(params, "transformer_encoder.encoder_norm", first);
    const output = linear(params, headName(config.outputs), normalised);
    return config.outputs === 1 ? output.reshape([1]) : expectedScore(output);
  });
}

/** Turn patches into tokens. `[N, C]` */
function embedPatches(params: Params, { patches, cells }: MusiqTokens): tf.Tensor {
  const length = PATCH * PATCH * 3;
  const chunks: tf.Tensor[] = [];
  for (let first = 0; first < cells.length; first += CHUNK) {
    const count = Math.min(CHUNK, cells.length - first);
    chunks.push(tf.tidy(() => {
      const values = patches.subarray(first * length, (first + count) * length);
      const root = musiqRoot(params, tf.tensor4d(values, [count, PATCH, PATCH, 3]));
      return linear(params, "embedding", musiqBlock(params, root).reshape([count, STEM_VALUES]));
    }));
  }
  return tf.concat(chunks);
}

/** The mean of the scores 1 to 10 under their probabilities. */
function expectedScore(logits: tf.Tensor): tf.Tensor1D {
  return tf.softmax(logits).mul(tf.range(1, 11)).sum<tf.Tensor1D>(-1);
}

function headName(outputs: number): string {
  return outputs === 1 ? "head" : "head.0";
}
