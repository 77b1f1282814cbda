/** A system that the paper compares with, whose outputs come from its own code. */
export interface PublishedSystem {
  /** Name in the paper. */
  readonly title: string;
  /** Repository on GitHub. */
  readonly repository: string;
  /** Whether it is trained against a discriminator, or samples a diffusion model. */
  readonly kind: "gan" | "diffusion";
  /** Licence of its code, in its own words; null where none was found. */
  readonly licence: string | null;
  /** Files of parameters and other models that it needs. */
  readonly needs: string;
  /** Its command for factor 4, with IN and OUT for the folders of inputs and outputs. */
  readonly command: string;
  /** What it adds to the name of an input, besides nothing. */
  readonly suffixes: readonly string[];
  /** What of this entry was read in its repository, and what was not. */
  readonly checked: string;
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
 * inference on the low-resolution images, then hand over the folder, which `checkOutputs` checks; folders inside it are
 * searched too.
 *
 * None of them was run here. Where an entry's `checked` says that something was not read, the system's own page decides,
 * and repositories change.
 */
export const publishedSystems: { readonly [K in PublishedSystemName]: PublishedSystem } = {
  bsrgan: {
    title: "BSRGAN",
    repository: "cszn/BSRGAN",
    kind: "gan",
    licence: null,
    needs: "model_zoo/BSRGAN.pth",
    command: "python main_test_bsrgan.py (the script names its folders: put the inputs into testsets/RealSRSet, " +
      "outputs come to testsets/RealSRSet_results_x4)",
    suffixes: ["_BSRGAN"],
    checked: "main_test_bsrgan.py; not its licence",
  },
  "real-esrgan": {
    title: "Real-ESRGAN",
    repository: "xinntao/Real-ESRGAN",
    kind: "gan",
    licence: "BSD-3-Clause",
    needs: "RealESRGAN_x4plus.pth of release v0.1.0, which the script fetches",
    command: "python inference_realesrgan.py -n RealESRGAN_x4plus -i IN -o OUT",
    suffixes: ["_out"],
    checked: "inference_realesrgan.py",
  },
  "swinir-gan": {
    title: "SwinIR-GAN",
    repository: "JingyunLiang/SwinIR",
    kind: "gan",
    licence: "Apache-2.0",
    needs: "003_realSR_BSRGAN_DFO_s64w8_SwinIR-M_x4_GAN.pth of release v0.0, which the script fetches; the paper " +
      "does not say whether it used this or the large model",
    command: "python main_test_swinir.py --task real_sr --scale 4 --model_path " +
      "model_zoo/swinir/003_realSR_BSRGAN_DFO_s64w8_SwinIR-M_x4_GAN.pth --folder_lq IN (outputs come to " +
      "results/swinir_real_sr_x4)",
    suffixes: ["_SwinIR"],
    checked: "README and main_test_swinir.py",
  },
  stablesr: {
    title: "StableSR",
    repository: "IceClear/StableSR",
    kind: "diffusion",
    licence: "NTU S-Lab License 1.0",
    needs: "stablesr_000117.ckpt and vqgan_cfw_00011.ckpt; a GPU of 15 GB for 128 to 512 pixels, of more beyond. " +
      "Its colour fix changes PSNR by decibels and must be stated",
    command: "python scripts/sr_val_ddpm_text_T_vqganfin_oldcanvas.py --config " +
      "configs/stableSRNew/v2-finetune_text_T_512.yaml --ckpt stablesr_000117.ckpt --vqgan_ckpt " +
      "vqgan_cfw_00011.ckpt --init-img IN --outdir OUT --ddpm_steps 200 --dec_w 0.5 --colorfix_type adain",
    suffixes: [],
    checked: "README (an early one, which has no --colorfix_type); names of checkpoints in scripts of others that " +
      "use it; not how outputs are named",
  },
  diffbir: {
    title: "DiffBIR",
    repository: "XPixelGroup/DiffBIR",
    kind: "diffusion",
    licence: "Apache-2.0",
    needs: "DiffBIR_v2.1.pt, realesrgan_s4_swinir_100k.pth and sd2.1-base-zsnr-laionaes5.ckpt, which the script " +
      "fetches, and a LLaVA captioner; v2 uses v2.pth, BSRNet and Stable Diffusion 2.1 base instead. The " +
      "paper does not say which version it used; a GPU",
    command: "python -u inference.py --task sr --upscale 4 --version v2.1 --captioner llava --cfg_scale 8 " +
      "--noise_aug 0 --input IN --output OUT",
    suffixes: [],
    checked: "README; not how outputs are named",
  },
  faithdiff: {
    title: "FaithDiff",
    repository: "JyChen9811/FaithDiff",
    kind: "diffusion",
    licence: null,
    needs: "FaithDiff's checkpoint, RealVisXL_V4.0, sdxl-vae-fp16-fix, clip-vit-large-patch14-336, " +
      "llava-v1.5-13b and BSRNet, named in CKPT_path.py; one or two GPUs",
    command: "python test_generate_caption.py --img_dir IN --save_dir CAPTIONS --load_8bit_llava; python " +
      "test_wo_llava.py --img_dir IN --json_dir CAPTIONS --save_dir OUT --upscale 4 --guidance_scale 5 " +
      "--num_inference_steps 20",
    suffixes: [],
    checked: "README, which shows --upscale 2 and names no licence; not how outputs are named",
  },
  seesr: {
    title: "SeeSR",
    repository: "cswry/SeeSR",
    kind: "diffusion",
    licence: "Apache-2.0",
    needs: "preset/models with stable-diffusion-2-base, seesr, DAPE.pth and ram_swin_large_14m.pth; a GPU",
    command: "python test_seesr.py --pretrained_model_path preset/models/stable-diffusion-2-base --prompt '' " +
      "--seesr_model_path preset/models/seesr --ram_ft_path preset/models/DAPE.pth --image_path IN " +
      "--output_dir OUT --start_point lr --num_inference_steps 50 --guidance_scale 5.5 --process_size 512 " +
      "(outputs come to OUT/sample00)",
    suffixes: [],
    checked: "README and test_seesr.py",
  },
  supir: {
    title: "SUPIR (SUPSR in the paper)",
    repository: "Fanghua-Yu/SUPIR",
    kind: "diffusion",
    licence: "for non-commercial use only",
    needs: "SUPIR-v0Q, sd_xl_base_1.0_0.9vae.safetensors, the CLIP encoders ViT-L/14 and ViT-bigG/14 and, for " +
      "captions, clip-vit-large-patch14-336 and llava-v1.5-13b; two GPUs with captions, one without",
    command: "python test.py --img_dir IN --save_dir OUT --SUPIR_sign Q --upscale 4",
    suffixes: ["_0"],
    checked: "README and test.py",
  },
  dreamclear: {
    title: "DreamClear",
    repository: "shallowdream204/DreamClear",
    kind: "diffusion",
    licence: "Apache-2.0",
    needs: "DreamClear-1024.pth, PixArt-XL-2-1024-MS.pth, sd-vae-ft-ema, t5-v1_1-xxl, general_swinir_v1.ckpt and " +
      "llava-v1.6-vicuna-13b; two GPUs",
    command: "python3 -m torch.distributed.launch --nproc_per_node 1 --master_port 1234 test.py " +
      "configs/DreamClear/DreamClear_Test.py --dreamclear_ckpt DreamClear-1024.pth --swinir_ckpt " +
      "general_swinir_v1.ckpt --vae_ckpt sd-vae-ft-ema --t5_ckpt t5-v1_1-xxl --llava_ckpt " +
      "llava-v1.6-vicuna-13b --lre --cfg_scale 4.5 --color_align wavelet --image_path IN --save_dir OUT " +
      "--mixed_precision fp16 --upscale 4",
    suffixes: [],
    checked: "README in copies by others, and test_1024.py, which writes to OUT's folder output under the input's " +
      "name",
  },
  "dp2o-sr": {
    title: "DP2O-SR",
    repository: "cswry/DP2O-SR",
    kind: "diffusion",
    licence: null,
    needs: "preset/models with dp2o-flux/model.safetensors, DAPE.pth and ram_swin_large_14m.pth, and FLUX.1-dev " +
      "(another script takes Stable Diffusion 2); the README that was read still promises checkpoints; a " +
      "GPU with much memory",
    command: "python test_flux_controlnet.py --image_path IN --output_dir OUT --upscale 4 --process_size 1024 " +
      "--pretrained_model_name_or_path FLUX.1-dev --controlnet_model_name_or_path " +
      "preset/models/dp2o-flux/model.safetensors",
    suffixes: [],
    checked: "README and test_flux_controlnet.py, whose results all have the sides of --process_size before they " +
      "are resized: inputs should be square; not its licence",
  },
  dit4sr: {
    title: "DiT4SR",
    repository: "Adam-duan/DiT4SR",
    kind: "diffusion",
    licence: "Pi-Lab License 1.0",
    needs: "preset with dit4sr_q (of its paper's results; dit4sr_f is the faithful one) and " +
      "stable-diffusion-3.5-medium; for captions clip-vit-large-patch14-336 and llava-v1.5-13b; one GPU " +
      "without captioner, two with it",
    command: "bash bash/test_wllava.sh, after its placeholders [image_path], [output_dir] and those of the models " +
      "are filled in",
    suffixes: [],
    checked: "README; not the scripts nor how outputs are named",
  },
};
