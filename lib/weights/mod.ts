/** Files of weights: safetensors, single and sharded, their layouts, and adapters. @module */
export { type CheckpointOptions, openCheckpoint } from "./checkpoint.ts";
export { checkpointFiles } from "./checkpoint_files.ts";
export { clipLayout } from "./clip_layout.ts";
export { fluxLayout } from "./flux_layout.ts";
export { type Layout, type ShapedEntry, type TensorPiece } from "./layout.ts";
export { type LoraFile, type LoraFormat, loraFormats, type LoraNetwork, type LoraPrefix } from "./lora/lora_file.ts";
export { matchLora } from "./lora/match_lora.ts";
export {
  type Header,
  mergeCheckpoint,
  type MergedCheckpoint,
  mergedHeader,
  type MergeOptions,
} from "./lora/merge_checkpoint.ts";
export { findLora, readLora } from "./lora/read_lora.ts";
export { loraOutputs, writeLora, type WriteLoraOptions } from "./lora/write_lora.ts";
export { matchParams } from "./match.ts";
export { type Checkpoint, readSafetensors } from "./read.ts";
export { openSafetensors, type SafetensorsFile } from "./safetensors_file.ts";
export { hostSource, loadParams, type SourceTensor, type WeightSource } from "./source.ts";
export { renameAutoencoder } from "./vae_names.ts";
export { type HeldDtype, type Precision } from "./values.ts";
export { writeSafetensors } from "./write.ts";
export { type ShardOptions, type WritableTensor, writeSharded } from "./write_sharded.ts";
