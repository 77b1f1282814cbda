import { join } from "node:path";
import { tf } from "../../engine/mod.ts";
import { readJson, tensorScope } from "../../core/mod.ts";
import { clipLayout } from "../../weights/mod.ts";
import { type ClipStates, encodeClip } from "./clip.ts";
import { clipShapes, parseClipConfig } from "./clip_config.ts";
import { openParts } from "./parts.ts";
import type { Prompt, PromptNetwork } from "./prompt.ts";
import { encodeT5 } from "./t5.ts";
import { parseT5Config, t5Shapes } from "./t5_config.ts";

/** Folders of a checkpoint that hold the text encoders of a network. */
export const encoderFolders: Readonly<Record<PromptNetwork, readonly string[]>> = {
  flux: ["text_encoder", "text_encoder_2"],
  sd15: ["text_encoder"],
  sdxl: ["text_encoder", "text_encoder_2"],
};

/** T5 tokens of FLUX.1-dev's prompts. */
export const T5_TOKENS = 512;

/** Positions of the tokens are numbers that some files hold as well; T5's table of tokens may be there twice. */
const UNUSED = /\.position_ids$|^encoder\.embed_tokens\.weight$/;

/** T5's tokens of an empty text: its end, then padding. */
const T5_END = 1, T5_PADDING = 0;

/**
 * Encode the empty prompt by the text encoders of a checkpoint.
 *
 * FLUX: states of T5, pooled text of CLIP-L. SD1.5: last states of CLIP-L. SDXL: states after the last block but one of
 * CLIP-L and CLIP-G side by side, pooled text of CLIP-G, projected.
 *
 * @param network Whose checkpoint it is.
 * @param checkpoint Folder in diffusers' layout.
 * @param tokens Of T5.
 * @returns Tensors that belong to the caller.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If a configuration does not fit, or names or shapes are not the network's.
 */
export async function encodeEmpty(network: PromptNetwork, checkpoint: string, tokens = T5_TOKENS): Promise<Prompt> {
  using scope = tensorScope();
  const own = (states: ClipStates) => scope.own({ ...states });
  const folders = encoderFolders[network].map((name) => join(checkpoint, name));
  const first = own(await emptyClip(folders[0]));
  if (network === "sd15") return scope.keep({ states: first.last, pooled: first.pooled });
  if (network === "flux") {
    const states = await emptyT5(folders[1], tokens);
    return { states, pooled: scope.keep(first.pooled) };
  }
  // Its tokenizer pads with token 0, the first one's with the token that ends a text.
  const second = own(await emptyClip(folders[1], 0));
  const states = tf.concat([first, second].map(({ hidden }) => hidden[hidden.length - 2]), 2);
  return { states, pooled: scope.keep(second.pooled) };
}

async function emptyClip(folder: string, padding?: number): Promise<ClipStates> {
  const config = parseClipConfig(await readJson(join(folder, "config.json")));
  using parts = await openParts(folder, clipShapes(config), UNUSED, clipLayout);
  const end = config.vocabulary - 1, ids = Array<number>(config.length).fill(padding ?? end);
  ids.splice(0, 2, config.vocabulary - 2, end);
  return await encodeClip(config, parts.read, [ids]);
}

async function emptyT5(folder: string, tokens: number): Promise<tf.Tensor3D> {
  const config = parseT5Config(await readJson(join(folder, "config.json")));
  using parts = await openParts(folder, t5Shapes(config), UNUSED);
  const ids = Array<number>(tokens).fill(T5_PADDING);
  ids[0] = T5_END;
  return await encodeT5(config, parts.read, [ids]);
}
