import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataError, disposeParams, InputOutputError, RefusedError } from "../../core/mod.ts";
import { encodeEmpty, encoderFolders } from "./encode_empty.ts";
import {
  checkPrompt,
  type Prompt,
  type PromptNetwork,
  promptTensors,
  type PromptWidths,
  readPrompt,
  writePrompt,
} from "./prompt.ts";

/** Name of the file that keeps the empty prompt in a checkpoint's folder. */
export const EMPTY_PROMPT_FILE = "empty_prompt.safetensors";

/** Where to take the empty prompt from. */
export interface EmptyPromptOptions {
  /** Whose prompt it is. */
  readonly network: PromptNetwork;
  /** Folder of the checkpoint in diffusers' layout. */
  readonly checkpoint: string;
  /**
   * File that holds the prompt or will keep it. By default it lies in the checkpoint's folder; where that cannot be
   * written, the prompt is not kept.
   */
  readonly file?: string;
  /** Tokens of T5, 512 by default as in FLUX.1-dev; other numbers are faster and change what FLUX makes. */
  readonly tokens?: number;
  /** What the network expects, to refuse a file of another one. */
  readonly widths?: PromptWidths;
}

/**
 * Take the empty prompt of a network, which is a constant: from its file, or from the checkpoint's text encoders once, and
 * then it is written to that file.
 *
 * @returns Tensors that belong to the caller.
 * @throws {RefusedError} If there are neither the file nor all text encoders; it names them.
 * @throws {InputOutputError} If a file cannot be read, or the prompt cannot be written to a file that was named.
 * @throws {DataError} If a file does not hold what it should.
 */
export async function emptyPrompt(options: EmptyPromptOptions): Promise<Prompt> {
  const { network, checkpoint, tokens, widths, file = join(checkpoint, EMPTY_PROMPT_FILE) } = options;
  if (!existsSync(file)) {
    const folders = encoderFolders[network].map((name) => join(checkpoint, name));
    const missing = folders.filter((folder) => !existsSync(folder));
    if (missing.length > 0) {
      throw new RefusedError(
        `Cannot take the empty prompt as ${folders.join(" and ")}, or else the file ${file}, must exist: ` +
          `current value is no ${[...missing, file].join(", no ")}`,
      );
    }
    const prompt = await encodeEmpty(network, checkpoint, tokens);
    try {
      checkPrompt(file, promptTensors(prompt), widths);
      await writePrompt(file, prompt, network);
    } catch (error) {
      // A checkpoint may be read-only: then the prompt is encoded at every call. A file that was named must be written.
      if (error instanceof InputOutputError && options.file === undefined) return prompt;
      disposeParams(promptTensors(prompt));
      throw error;
    }
    disposeParams(promptTensors(prompt));
  }
  const prompt = await readPrompt(file, network, widths);
  if (network !== "flux" || tokens === undefined || tokens === prompt.states.shape[1]) return prompt;
  prompt.states.dispose();
  prompt.pooled.dispose();
  throw new DataError(
    `Cannot use prompt ${file} as its states must be of ${tokens} tokens: current value is ${prompt.states.shape[1]}`,
  );
}
