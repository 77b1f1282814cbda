/** Text encoders, T5 and CLIP, and the empty prompt that they make. @module */
export { type ClipStates, encodeClip } from "./clip.ts";
export { CLIP_G, CLIP_L, type ClipConfig, clipShapes, parseClipConfig } from "./clip_config.ts";
export { EMPTY_PROMPT_FILE, emptyPrompt, type EmptyPromptOptions } from "./empty_prompt.ts";
export { encodeEmpty, encoderFolders, T5_TOKENS } from "./encode_empty.ts";
export { type CheckpointParts, openParts, type PartReader } from "./parts.ts";
export { type Prompt, type PromptNetwork, type PromptWidths, readPrompt, writePrompt } from "./prompt.ts";
export { encodeT5 } from "./t5.ts";
export { parseT5Config, T5_XXL, type T5Config, t5Shapes } from "./t5_config.ts";
