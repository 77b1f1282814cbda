/** Layers as functions of parameter trees: linear layers with LoRA, norms, embeddings, attention. @module */
export { geglu, gelu, geluErf, quickGelu, silu } from "./activations.ts";
export { adaptedConv } from "./adapted_conv.ts";
export { attention, biasedAttention, causalMask } from "./attention.ts";
export { blockedAttention } from "./blocked_attention.ts";
export { conv3x3 } from "./conv.ts";
export { conv2d, type Conv2dOptions } from "./conv2d.ts";
export { type Forward, sumTo, withGradient } from "./gradient.ts";
export { groupNorm } from "./group_norm.ts";
export { adaptiveLayerNorm, affineLayerNorm, layerNorm } from "./layer_norm.ts";
export { jointLinear, linear, linearOfParts } from "./linear.ts";
export {
  type Adapter,
  adapts,
  createLora,
  type LinearShape,
  type LinearShapes,
  loraModules,
  type LoraOptions,
  mergeLora,
  weightLora,
} from "./lora.ts";
export { sumLora } from "./lora_sum.ts";
export { multiHeadAttention } from "./multi_head.ts";
export { pointwise } from "./pointwise.ts";
export { normedConv, resnetBlock, type ResnetOptions } from "./resnet_block.ts";
export { rmsNorm } from "./rms_norm.ts";
export { applyRope, type RopeAngles, ropeAngles, type RopeTable, ropeTable } from "./rope.ts";
export { joinRope, ropeGrid } from "./rope_grid.ts";
export { sinusoid } from "./sinusoid.ts";
export {
  type BlockLayout,
  blockLayouts,
  type BlockOptions,
  feedForward,
  selfAttention,
  transformerBlock,
} from "./transformer_block.ts";
export { upsampleNearest } from "./upsample.ts";
