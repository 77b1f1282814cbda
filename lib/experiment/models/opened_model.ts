import type { RestorationModel } from "../../flow/mod.ts";
import type { LoraPrefix } from "../../weights/mod.ts";
import type { ModelKind } from "./kinds.ts";

/** A model that was read from files. */
export interface OpenedModel extends RestorationModel {
  /** What it is. */
  readonly kind: ModelKind;
  /** In front of the names of its adapters in files: `transformer` or `unet`. */
  readonly prefix: LoraPrefix;
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
  /**
   * How the low-resolution image enters: `token` by default for FLUX, unless its weights are as wide as for `channel`;
   * `channel` for all others.
   */
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
