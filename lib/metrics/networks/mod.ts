/** Metrics that are trained networks, over official weights that the user brings. @module */
export { alexnet } from "./alexnet.ts";
export { type ClipTextConfig, clipTextFeatures } from "./clip_text.ts";
export { clipMaps, clipPool, type ClipVisualConfig } from "./clip_visual.ts";
export { clipIqa, type ClipIqaConfig, clipIqaConfig, clipIqaMaps, clipIqaShapes, promptShapes } from "./clipiqa.ts";
export { promptFeatures, type PromptTokens, promptTokens } from "./clipiqa_prompts.ts";
export { dists, distsStages, distsWeightShapes } from "./dists.ts";
export { type FeatureNetwork, type FeatureStage, visitStages } from "./features.ts";
export type { Shapes } from "./layout.ts";
export { lpips, lpipsHeadShapes, lpipsStages } from "./lpips.ts";
export { mapMemory } from "./memory.ts";
export {
  type ManiqaConfig,
  maniqaConfig,
  maniqaFeatures,
  maniqaMaps,
  maniqaShapes,
  maniqaSums,
  maniqaUnused,
  transposedAttention,
} from "./maniqa.ts";
export { maniqaCrops } from "./maniqa_crops.ts";
export { musiq, type MusiqConfig, musiqConfig, musiqShapes } from "./musiq.ts";
export { musiqBlock, musiqRoot } from "./musiq_stem.ts";
export { gridCells, type MusiqTokens, musiqTokens } from "./musiq_tokens.ts";
export { type SwinConfig, swinShapes, swinStage } from "./swin.ts";
export { l2Pool, vgg16 } from "./vgg.ts";
export { vitB8, type VitConfig, vitShapes, vitTokens } from "./vit.ts";
