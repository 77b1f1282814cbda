/** A system that the paper compares with, whose outputs come from its own code. */
export interface PublishedSystem {
  /** Name in the paper. */
  readonly title: string;
  /** Repository on GitHub. */
  readonly repository: string;
  /** Whether it is trained against a discriminator, or samples a diffusion model. */
  readonly kind: "gan" | "diffusion";
  /** Parameters and other models that it needs. */
  readonly needs: string;
  /** What it adds to the name of an input, besides nothing. */
  readonly suffixes: readonly string[];
}

/** Name of a system in {@link publishedSystems}. */
export type PublishedSystemName =
  | "bsrgan"
  | "real-esrgan"
  | "swinir-gan"
  | "stablesr"
  | "diffbir"
  | "faithdiff"
  | "seesr"
  | "supir"
  | "dreamclear"
  | "dp2o-sr"
  | "dit4sr";

/**
 * Every system that the paper compares. Their outputs at factor 4 are used as folders of images: run the system's own
 * inference on the low-resolution images, then hand over the folder, which `checkOutputs` checks.
 *
 * Repositories, needs and suffixes are guidance that was not checked against the repositories: their own pages decide.
 */
export const publishedSystems: { readonly [K in PublishedSystemName]: PublishedSystem } = {
  bsrgan: system("BSRGAN", "cszn/BSRGAN", "gan", "the checkpoint BSRGAN.pth", ["_BSRGAN"]),
  "real-esrgan": system("Real-ESRGAN", "xinntao/Real-ESRGAN", "gan", "the checkpoint RealESRGAN_x4plus.pth", ["_out"]),
  "swinir-gan": system(
    "SwinIR-GAN",
    "JingyunLiang/SwinIR",
    "gan",
    "the real-world x4 GAN checkpoint of SwinIR-M",
    ["_SwinIR"],
  ),
  stablesr: system(
    "StableSR",
    "IceClear/StableSR",
    "diffusion",
    "Stable Diffusion 2.1 base, StableSR's checkpoint and its CFW autoencoder; a GPU. Its inputs are the low-resolution " +
      "images themselves; its colour fix changes PSNR by decibels and must be stated",
  ),
  diffbir: system(
    "DiffBIR",
    "XPixelGroup/DiffBIR",
    "diffusion",
    "Stable Diffusion 2.1 and DiffBIR's checkpoint; a GPU",
  ),
  faithdiff: system(
    "FaithDiff",
    "JyChen9811/FaithDiff",
    "diffusion",
    "Stable Diffusion XL, FaithDiff's checkpoint and a LLaVA captioner; a GPU",
  ),
  seesr: system(
    "SeeSR",
    "cswry/SeeSR",
    "diffusion",
    "Stable Diffusion 2 base, SeeSR's checkpoint and its tag model DAPE; a GPU",
  ),
  supir: system(
    "SUPIR (SUPSR in the paper)",
    "Fanghua-Yu/SUPIR",
    "diffusion",
    "Stable Diffusion XL, SUPIR's checkpoint and a LLaVA captioner; a GPU with much memory",
    ["_0"],
  ),
  dreamclear: system(
    "DreamClear",
    "shallowdream204/DreamClear",
    "diffusion",
    "PixArt, DreamClear's checkpoints, SwinIR and a LLaVA captioner; a GPU with much memory",
  ),
  "dp2o-sr": system(
    "DP2O-SR",
    "cswry/DP2O-SR",
    "diffusion",
    "code and checkpoints of its authors, where they publish them",
  ),
  dit4sr: system(
    "DiT4SR",
    "Adam-duan/DiT4SR",
    "diffusion",
    "Stable Diffusion 3.5 medium, DiT4SR's checkpoint and a LLaVA captioner; a GPU",
  ),
};

function system(
  title: string,
  repository: string,
  kind: PublishedSystem["kind"],
  needs: string,
  suffixes: readonly string[] = [],
): PublishedSystem {
  return { title, repository, kind, needs, suffixes };
}
