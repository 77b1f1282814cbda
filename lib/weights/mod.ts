/** Files of weights: safetensors, single and sharded, and adapters. @module */
export { readLora, writeLora } from "./lora_file.ts";
export { matchParams } from "./match.ts";
export { type Checkpoint, readSafetensors } from "./read.ts";
export { openSafetensors, type SafetensorsFile } from "./safetensors_file.ts";
export { decodeValues, type EngineValues } from "./values.ts";
export { renameAutoencoder } from "./vae_names.ts";
export { writeSafetensors } from "./write.ts";
