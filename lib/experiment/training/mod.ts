/** Training of adapters on frozen weights: the paper's procedure on FLUX.1, Stable Diffusion and the small model. @module */
export type { Artifacts } from "./artifacts.ts";
export { checkTraining } from "./check_training.ts";
export {
  resolveTrainSettings,
  type TrainSettings,
  type TrainSettingsInput,
  type TrainStage,
  trainStages,
} from "./settings.ts";
export {
  type AdapterOrigin,
  commonOrigin,
  loraRecord,
  ORIGIN,
  originOf,
  type OriginRecord,
  originText,
} from "./adapter_origin.ts";
export { LORA_FILE, type LoraRecord } from "./stage_folder.ts";
export type { TrainRequest } from "./request.ts";
export { trainModel, type TrainOutput } from "./train_model.ts";
