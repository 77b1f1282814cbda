import { DataError, disposeParams, type Params } from "../../core/mod.ts";
import type { tf } from "../../engine/mod.ts";
import { readSafetensors, writeSafetensors } from "../../weights/mod.ts";

/** Networks that a prompt conditions. */
export type PromptNetwork = "flux" | "sd15" | "sdxl";

/** What a network reads of a prompt. The tensors belong to the caller. */
export interface Prompt {
  /** One state per token. `[1, T, C]` */
  readonly states: tf.Tensor3D;
  /** The text as a whole; SD1.5 does not read it. `[1, P]` */
  readonly pooled: tf.Tensor2D;
}

/** Widths that a network expects of a prompt. */
export interface PromptWidths {
  /** Of a state. */
  readonly states: number;
  /** Of the pooled text. */
  readonly pooled?: number;
}

const STATES = "prompt_embeds", POOLED = "pooled", NETWORK = "network";

/**
 * Read a prompt from a file with the tensors `prompt_embeds` `[1, T, C]` and `pooled` `[1, P]`.
 *
 * @param path A safetensors file.
 * @param network Where the file tells a network, it must be this one.
 * @param widths Where given, the prompt must have them.
 * @throws {InputOutputError} If it cannot be read.
 * @throws {DataError} If it holds something else, or belongs to another network.
 */
export async function readPrompt(path: string, network: PromptNetwork, widths?: PromptWidths): Promise<Prompt> {
  const { tensors, metadata } = await readSafetensors(path);
  try {
    checkPrompt(path, tensors, widths);
    if (metadata[NETWORK] !== undefined && metadata[NETWORK] !== network) {
      throw new DataError(
        `Cannot use prompt ${path} as its network must be ${network}: current value is ${metadata[NETWORK]}`,
      );
    }
  } catch (error) {
    disposeParams(tensors);
    throw error;
  }
  return { states: tensors[STATES] as tf.Tensor3D, pooled: tensors[POOLED] as tf.Tensor2D };
}

/**
 * Write a prompt for {@linkcode readPrompt}, whole or not at all.
 *
 * @param path A safetensors file.
 * @param prompt Kept.
 * @param network Noted in the file.
 * @throws {InputOutputError} If it cannot be written.
 */
export async function writePrompt(path: string, { states, pooled }: Prompt, network: PromptNetwork): Promise<void> {
  await writeSafetensors(path, promptTensors({ states, pooled }), { [NETWORK]: network });
}

/** The tensors of a prompt by their names in a file. */
export function promptTensors({ states, pooled }: Prompt): Params {
  return { [STATES]: states, [POOLED]: pooled };
}

/**
 * Check names and shapes of a prompt's tensors.
 *
 * @throws {DataError} If they are not a prompt of these widths.
 */
export function checkPrompt(path: string, tensors: Params, widths?: PromptWidths): void {
  const fail = (rule: string, value: string): never => {
    throw new DataError(`Cannot use prompt ${path} as ${rule}: current value is ${value}`);
  };
  const names = Object.keys(tensors).sort().join(", ");
  if (names !== [POOLED, STATES].join(", ")) fail(`it must hold ${STATES} and ${POOLED}`, names || "nothing");
  const check = (name: string, rank: number, width: number | undefined) => {
    const { shape, dtype } = tensors[name];
    if (dtype !== "float32") fail(`${name} must be floating-point numbers`, dtype);
    const fits = shape.length === rank && shape[0] === 1 && (width ?? shape[rank - 1]) === shape[rank - 1];
    if (!fits) fail(`${name} must be [1, ${rank === 3 ? "T, " : ""}${width ?? "C"}]`, `[${shape}]`);
  };
  check(STATES, 3, widths?.states);
  check(POOLED, 2, widths?.pooled);
}
