import { rng } from "../../../lib/core/mod.ts";
import { bfloat16Bits } from "../../../lib/engine/mod.ts";
import { type FluxConfig, fluxShapes } from "../../../lib/backbones/mod.ts";
import { type WritableTensor, writeSharded } from "../../../lib/weights/mod.ts";

/** FLUX at full width with as many blocks as asked for. */
export function fullWidth(doubleBlocks: number, singleBlocks: number): FluxConfig {
  return {
    inChannels: 64,
    outChannels: 64,
    heads: 24,
    headWidth: 128,
    doubleBlocks,
    singleBlocks,
    contextWidth: 4096,
    pooledWidth: 768,
    guidance: true,
    axesWidths: [16, 56, 56],
  };
}

/** Values in a piece of a tensor; every piece begins elsewhere in one pool of random numbers. */
const PIECE = 2 ** 20, POOL = 4 * PIECE;

/**
 * Writes a sharded checkpoint of random bfloat16 weights: a pool of normal numbers, scaled so that activations keep their
 * size, gives each tensor pieces that begin at random places.
 *
 * @returns Paths of the safetensors files.
 */
export function writeRandomCheckpoint(folder: string, config: FluxConfig, shardBytes?: number): Promise<string[]> {
  const normals = rng(0, "random checkpoint").normals(POOL + PIECE);
  const pools = new Map<number, Uint16Array>();
  const poolOf = (width: number) => {
    const known = pools.get(width) ?? bfloat16Bits(normals.map((value) => value / Math.sqrt(width)));
    pools.set(width, known);
    return known;
  };
  const tensors = Object.entries(fluxShapes(config)).map(([name, shape], item): WritableTensor => ({
    name,
    dtype: "BF16",
    shape,
    *bytes() {
      const random = rng(0, "random checkpoint", 0, item), pool = poolOf(shape[1] ?? 1);
      const size = shape.reduce((product, length) => product * length, 1);
      for (let at = 0; at < size; at += PIECE) {
        const { buffer, byteOffset, byteLength } = pool.subarray(random.int(POOL)).subarray(
          0,
          Math.min(PIECE, size - at),
        );
        yield new Uint8Array(buffer, byteOffset, byteLength);
      }
    },
  }));
  return writeSharded(folder, tensors, { shardBytes });
}
