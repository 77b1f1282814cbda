import { contentHash, inputOutputError, sha256Hex } from "../../core/mod.ts";
import type { RestorationModel } from "../../flow/mod.ts";
import type { ModelKind } from "./kinds.ts";

/** A model that was read from files. */
export interface OpenedModel extends RestorationModel {
  /** What it is. */
  readonly kind: ModelKind;
  /** In front of the names of its adapters in files: `transformer` or `unet`. */
  readonly prefix: "transformer" | "unet";
  /** Changes with the files of the network, its text and its options. */
  readonly identity: string;
  /** Changes with the files of the autoencoder. */
  readonly codecIdentity: string;
  /** Side at which the condition is encoded, as a fraction of that of the result. */
  readonly conditionScale: number;
  /** Where the weights of the blocks are. */
  readonly weights: "resident" | "streamed";
  /** What its user should know of how it was opened, one line each. */
  readonly notes: readonly string[];
}

/** How to open a model. */
export interface OpenOptions {
  /** Which kind of network. */
  readonly backbone: ModelKind;
  /**
   * Folder of its files: diffusers' layout, for FLUX also the original one or its single file, or for `small` the `sft` stage
   * of a run of `deno task ablation`.
   */
  readonly checkpoint: string;
  /** How the low-resolution image enters: `token` by default for FLUX, `channel` for all others. */
  readonly conditioning?: "token" | "channel";
  /** Side at which the condition is encoded, as a fraction of that of the result; 1 by default. */
  readonly conditionScale?: number;
  /** Guidance scale that FLUX.1-dev is told; 1 by default, as in the training. */
  readonly guidance?: number;
  /** How the frozen weights of the network are held; `bf16` by default where the engine is native. */
  readonly dtype?: "bf16" | "f32";
  /**
   * Where the weights of FLUX's blocks are: all in the engine, the default, or read whenever they are needed, from the
   * disk, or from the host's memory where the engine has another one and they fit there.
   */
  readonly weights?: "resident" | "streamed";
  /** Run blocks again for their gradients instead of keeping their activations. */
  readonly checkpointing?: boolean;
  /** Side of an autoencoder's tile in pixels; images are coded whole where left out. */
  readonly tile?: number;
}

/** Bytes of each file that its identity is made of: the header, and some of the values. */
const HEAD = 2 ** 20;

/**
 * Tell files apart without reading all of them, as a network may have 24 GB: by length and the first mebibyte, which
 * begins with the header of every tensor.
 *
 * @returns The same for equal files, whatever they are called.
 * @throws {InputOutputError} If one cannot be read.
 */
export async function filesIdentity(paths: readonly string[]): Promise<string> {
  const parts: { size: number; head: string }[] = [];
  for (const path of paths) {
    try {
      using file = await Deno.open(path);
      const { size } = await file.stat(), head = new Uint8Array(Math.min(size, HEAD));
      for (let at = 0; at < head.length;) at += await file.read(head.subarray(at)) ?? head.length;
      parts.push({ size, head: sha256Hex(head) });
    } catch (error) {
      throw inputOutputError("read", path, error);
    }
  }
  return contentHash(parts);
}
