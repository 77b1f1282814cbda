import { rng } from "../../core/mod.ts";
import { bfloat16Bits } from "../../engine/mod.ts";
import { FLUX_DEV, type FluxConfig, fluxShapes, fluxTargets, fluxWidth } from "../../backbones/mod.ts";
import { ropeAngles } from "../../nn/mod.ts";
import { type WritableTensor, writeSharded } from "../../weights/mod.ts";

/** Sizes of a measured block. */
export interface FluxBlockSize {
  /** Of one block's transformer. Default FLUX.1-dev's: width 3072. */
  readonly config: FluxConfig;
  /** Text tokens. Default 512. */
  readonly text: number;
  /** Side of the square of image tokens. Default 32, so that there are 1,536 tokens in all. */
  readonly side: number;
}

/** The size that is measured by default. */
export const FULL_SIZE: FluxBlockSize = { config: FLUX_DEV, text: 512, side: 32 };

/** Kind of a block. */
export type BlockKind = "double" | "single";

/** Name of the only block of a kind in diffusers. */
export const BLOCK_NAMES: Readonly<Record<BlockKind, string>> = {
  double: "transformer_blocks.0",
  single: "single_transformer_blocks.0",
};

const RANK = 16, POOL = 2 ** 22;

/**
 * Write a block's weights in bfloat16, an adapter of all its linear layers and its inputs in float32 into one file.
 *
 * @param folder Where the file goes.
 * @param kind Of the block.
 * @param size Its sizes.
 * @returns The file: `block.*`, `lora.*`, and `in.*` (`joint`, `embedding`, `cos`, `sin`).
 * @throws {InputOutputError} If it cannot be written.
 */
export async function writeFluxBlock(folder: string, kind: BlockKind, size: FluxBlockSize): Promise<string> {
  const one = { ...size.config, doubleBlocks: 1, singleBlocks: 1 }, own = `${BLOCK_NAMES[kind]}.`;
  const width = fluxWidth(one), tokens = size.text + size.side ** 2;
  const ids = Array.from({ length: tokens }, (_, i) => {
    const token = i - size.text;
    return token < 0 ? [0, 0, 0] : [0, Math.floor(token / size.side), token % size.side];
  });
  const { cos, sin, shape } = ropeAngles(ids, one.axesWidths);
  const weights = Object.entries(fluxShapes(one)).filter(([name]) => name.startsWith(own)).map(([name, shape]) => {
    const norm = shape.length === 1 && name.endsWith(".weight");
    const deviation = shape.length === 1 ? 0.02 : 1 / Math.sqrt(shape[1]);
    return drawn(`block.${name.slice(own.length)}`, "BF16", shape, deviation, norm ? 1 : 0);
  });
  const factors = Object.entries(fluxTargets(one)).filter(([module]) => module.startsWith(own)).flatMap((
    [module, layer],
  ) => [
    drawn(`lora.${module.slice(own.length)}.lora_A.weight`, "F32", [RANK, layer.in], 1 / Math.sqrt(layer.in)),
    drawn(`lora.${module.slice(own.length)}.lora_B.weight`, "F32", [layer.out, RANK], 0.02),
  ]);
  const [file] = await writeSharded(folder, [
    ...weights,
    ...factors,
    drawn("in.joint", "F32", [1, tokens, width], 1),
    drawn("in.embedding", "F32", [1, width], 1),
    given("in.cos", shape, cos),
    given("in.sin", shape, sin),
  ], { stem: kind });
  return file;
}

/** Normal numbers; a large tensor repeats a pool of them, which changes no time. */
function drawn(
  name: string,
  dtype: "F32" | "BF16",
  shape: readonly number[],
  deviation: number,
  mean = 0,
): WritableTensor {
  return {
    name,
    dtype,
    shape,
    *bytes() {
      const size = shape.reduce((product, length) => product * length, 1);
      const values = rng(0, `bench/${name}`).normals(Math.min(size, POOL)).map((value) => mean + deviation * value);
      const { buffer } = dtype === "BF16" ? bfloat16Bits(values) : values;
      const bytes = new Uint8Array(buffer), item = dtype === "BF16" ? 2 : 4;
      for (let at = 0; at < size; at += POOL) yield bytes.subarray(0, item * Math.min(POOL, size - at));
    },
  };
}

function given(name: string, shape: readonly number[], { buffer }: Float32Array): WritableTensor {
  return { name, dtype: "F32", shape, bytes: () => [new Uint8Array(buffer)] };
}
