/**
 * Passes of the network that an image takes in a training step on frozen weights. A backward without weight gradients costs
 * about a forward, and checkpointing adds the forward that is computed again: three for each image that is trained on.
 * AS-DPO has the adversary's forward besides, and both sides of the pair go through the reference and the policy.
 */
export const PASSES = { supervised: 3, preference: 1 + 2 + 2 * 3 };
