/** In front of kohya's names, whatever the network is, and of OneTrainer's of transformers. */
const PREFIX = /^lora_(?:unet|transformer)_/;

/** Words of diffusers' names that hold an underscore themselves; all others end at one. */
const WORD =
  /(?:(?:down|up|transformer)_blocks|mid_block|proj_(?:in|out)|conv_(?:in|out|shortcut)|to_(?:q|k|v|out)|time_emb_proj|(?:time|add)_embedding|linear_[12]|[a-z]+\d*|\d+)(?=_|$)/y;

/** Modules of the original UNet (Rombach et al. 2022) that hold attention; kohya trains SDXL under its names. */
const ORIGINAL: readonly (readonly [RegExp, (index: number) => string])[] = [
  [/^input_blocks_(\d+)_1_/, (i) => `down_blocks_${Math.floor((i - 1) / 3)}_attentions_${(i - 1) % 3}_`],
  [/^middle_block_(1)_/, () => "mid_block_attentions_0_"],
  [/^output_blocks_(\d+)_1_/, (i) => `up_blocks_${Math.floor(i / 3)}_attentions_${i % 3}_`],
  [/^input_blocks_(0)_0$/, () => "conv_in"],
];

/**
 * Take the prefix from a name of kohya's.
 *
 * @returns Nothing for a name of another kind, such as one of a text encoder.
 */
export function withoutKohyaPrefix(name: string): string | undefined {
  return PREFIX.test(name) ? name.replace(PREFIX, "") : undefined;
}

/** Kohya's name of a layer: underscores in place of dots. */
export function kohyaName(layer: string): string {
  return `lora_unet_${layer.replaceAll(".", "_")}`;
}

/**
 * Give a layer of a UNet the name that diffusers has, from one with underscores in place of dots.
 *
 * @param name Without prefix; of diffusers' modules, or attention of the original's.
 * @returns Nothing for a name that cannot be read.
 */
export function dottedUnetModule(name: string): string | undefined {
  let rest = name;
  for (const [pattern, translate] of ORIGINAL) rest = rest.replace(pattern, (_, index) => translate(Number(index)));
  const words: string[] = [];
  for (let at = 0; at < rest.length; at = WORD.lastIndex + 1) {
    WORD.lastIndex = at;
    const [word] = WORD.exec(rest) ?? [];
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words.join(".");
}
