import { tf } from "../../engine/mod.ts";
import { disposeParams, type Params } from "../../core/mod.ts";
import { rasterToTensor } from "../../image/mod.ts";
import type { ImageMetric } from "../record.ts";
import { clipName } from "./clip_text.ts";
import { clipIqa, type ClipIqaConfig, clipIqaConfig, clipIqaShapes, promptShapes } from "./clipiqa.ts";
import { promptFeatures, type PromptTokens, promptTokens } from "./clipiqa_prompts.ts";
import type { Shapes } from "./layout.ts";
import { mapMemory } from "./memory.ts";
import { networkMetric, takeValues } from "./network_metric.ts";
import { type NetworkWeights, networkWeights } from "./origins.ts";
import { readWeights } from "./weights.ts";

/** OpenAI's RN50, for images and texts. */
const CLIP = "clip_rn50.safetensors";
const WORDS = "token_embedding.weight";

/** The batch norms' counters, and what a TorchScript archive says of its input. */
const UNUSED = /num_batches_tracked$|^(input_resolution|context_length|vocab_size)$/;

function clipIqaMetric(
  own: Pick<ImageMetric, "name" | "label">,
  config: ClipIqaConfig,
  checkpoint: string,
  prompts: NetworkWeights,
  layout: "shared" | "pair",
): ImageMetric {
  const record = {
    ...own,
    unit: "",
    range: [0, 1],
    better: "higher",
    digits: 4,
    leastSide: 31,
    source: `Wang, Chan and Loy 2023; OpenAI's RN50, ${
      layout === "shared" ? "learned words shared by both prompts" : "learned words of each prompt"
    }, ${config.positions ? "with" : "without"} positions`,
    reference: "none",
    weights: [networkWeights(CLIP), networkWeights(prompts)],
    checkpoint: { family: "clipiqa", name: checkpoint },
    memory: mapMemory(1000, 800),
  } as const;
  return networkMetric(record, async (files) => {
    // A pair of prompts brings its fixed tokens along, so the 49,408 words of CLIP need not be read.
    const known = layout === "shared" ? [] : [WORDS];
    const shapes = withoutNames(clipIqaShapes(config), known);
    const clip = await readWeights(files[CLIP], {
      shapes,
      unused: new RegExp([UNUSED.source, ...known.map((name) => `^${name}$`)].join("|")),
      rename: clipName,
    });
    try {
      const learned = await readWeights(files[prompts], { shapes: promptShapes(config, layout) });
      const features = tf.tidy(() => encodePrompts(config, clip, learned));
      disposeParams(learned);
      const params = { ...keepVisual(clip), prompts: features };
      return {
        params,
        score: async (image) => {
          const rate = () => clipIqa(config, params, features, rasterToTensor([image]));
          return (await takeValues(tf.tidy(rate)))[0];
        },
      };
    } catch (error) {
      disposeParams(clip);
      throw error;
    }
  });
}

/** The features of both prompts; images do not change them, so the text transformer is not kept. */
function encodePrompts(config: ClipIqaConfig, clip: Params, learned: Params): tf.Tensor2D {
  const words = clip[WORDS] as tf.Tensor2D | undefined;
  const tokens: PromptTokens = words !== undefined ? promptTokens(words) : {
    prefix: learned["prompt_learner.token_prefix"] as tf.Tensor3D,
    suffix: learned["prompt_learner.token_suffix"] as tf.Tensor3D,
  };
  return promptFeatures(config, clip, learned.ctx ?? learned["prompt_learner.ctx"], tokens);
}

/** What images need; the rest is freed. */
function keepVisual(clip: Params): Params {
  const needed = ([name]: [string, tf.Tensor]) => name.startsWith("visual.") || name === "logit_scale";
  const entries = Object.entries(clip);
  disposeParams(Object.fromEntries(entries.filter((entry) => !needed(entry))));
  return Object.fromEntries(entries.filter(needed));
}

function withoutNames(shapes: Shapes, names: readonly string[]): Shapes {
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => !names.includes(name)));
}

/** Ratings by the words "good" and "bad", in the order of the tables. */
export const clipMetrics: readonly ImageMetric[] = [
  clipIqaMetric(
    { name: "clipiqaPlus", label: "CLIP-IQA+" },
    clipIqaConfig(false),
    "CLIP-IQA+ RN50",
    "clipiqa_plus_prompts.safetensors",
    "shared",
  ),
  clipIqaMetric(
    { name: "clipiqaPlus512", label: "CLIP-IQA+ (512)" },
    clipIqaConfig(true),
    "CLIP-IQA+ RN50 512",
    "clipiqa_plus_512_prompts.safetensors",
    "pair",
  ),
];
