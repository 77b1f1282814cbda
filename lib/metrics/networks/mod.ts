/** Metrics that are trained networks, over official weights that the user brings. @module */
export { alexnet } from "./alexnet.ts";
export { dists, distsStages, distsWeightShapes } from "./dists.ts";
export { type FeatureNetwork, type FeatureStage, visitStages } from "./features.ts";
export { lpips, lpipsHeadShapes, lpipsStages } from "./lpips.ts";
export { l2Pool, vgg16 } from "./vgg.ts";
