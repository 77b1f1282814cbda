/** Models of images from folders of weights: FLUX.1, Stable Diffusion 1.5 and XL, and the small transformer. @module */
export { imageMultiple } from "./image_multiple.ts";
export { checkHold } from "./hold.ts";
export { type ModelKind, modelKinds, networkPrefix } from "./kinds.ts";
export { estimateModel, freeMemory, type MemoryLimit, type ModelUse, planMemory } from "./memory.ts";
export { networkTargets, widenedLayer } from "./network_targets.ts";
export { openModel } from "./open_model.ts";
export type { OpenedModel, OpenOptions } from "./opened_model.ts";
