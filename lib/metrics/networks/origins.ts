import type { WeightsFile } from "../record.ts";

/**
 * Where every file of weights comes from: the official file that `tests/peers/convert_weights.py` converts, and where it
 * is published. None comes with this project; each has the licence of its authors.
 */
const origins = {
  "alexnet.safetensors": "alexnet-owt-7be5be79.pth, torchvision (IMAGENET1K_V1)",
  "vgg16.safetensors": "vgg16-397923af.pth, torchvision (IMAGENET1K_V1)",
  "lpips_lin_v0.1_alex.safetensors": "weights/v0.1/alex.pth, richzhang/PerceptualSimilarity (BSD-2-Clause)",
  "lpips_lin_v0.1_vgg.safetensors": "weights/v0.1/vgg.pth, richzhang/PerceptualSimilarity (BSD-2-Clause)",
  "dists_alpha_beta.safetensors": "weights.pt, dingkeyan93/DISTS (MIT)",
  "musiq_koniq.safetensors": "MUSIQ of KonIQ-10k in PyTorch's layout, as pyiqa publishes it",
  "musiq_ava.safetensors": "MUSIQ of AVA in PyTorch's layout, as pyiqa publishes it",
  "maniqa_koniq.safetensors": "ckpt_koniq10k.pt, IIGROUP/MANIQA",
  "maniqa_pipal.safetensors": "MANIQA_PIPAL-ae6d356b.pth, as pyiqa publishes it",
  "clip_rn50.safetensors": "RN50.pt, openai/CLIP (a TorchScript archive)",
  "clipiqa_plus_prompts.safetensors": "CLIP-IQA+_learned_prompts-603f3273.pth, as pyiqa publishes it",
  "clipiqa_plus_512_prompts.safetensors": "CLIPIQA+_RN50_512-89f5d940.pth, as pyiqa publishes it",
} as const;

/** Name of a file of weights. */
export type NetworkWeights = keyof typeof origins;

/** A file of weights with its origin. */
export function networkWeights(file: NetworkWeights): WeightsFile {
  return { file, origin: origins[file] };
}
