/** Files of weights: safetensors, single and sharded, their layouts, and adapters. @module */
export { type CheckpointOptions, openCheckpoint } from "./checkpoint.ts";
export { fluxLayout } from "./flux_layout.ts";
export { type Layout, type ShapedEntry, type TensorPiece } from "./layout.ts";
export { readLora, writeLora } from "./lora_file.ts";
export { matchParams } from "./match.ts";
export { type Checkpoint, readSafetensors } from "./read.ts";
export { openSafetensors, type SafetensorsFile } from "./safetensors_file.ts";
export { hostSource, loadParams, type SourceTensor, type WeightSource } from "./source.ts";
export { type HeldDtype, type Precision } from "./values.ts";
export { renameAutoencoder } from "./vae_names.ts";
export { writeSafetensors } from "./write.ts";
export { type ShardOptions, type WritableTensor, writeSharded } from "./write_sharded.ts";
