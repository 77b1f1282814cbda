import { join } from "node:path";
import { smallTransformer } from "../../lib/backbones/mod.ts";
import { disposeParams, mapParams, normalTensor, type Params, rng, writeJson } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { createLora } from "../../lib/nn/mod.ts";
import { writeSafetensors } from "../../lib/weights/mod.ts";

/** Sizes of the networks of tests. */
const sizes = { width: 24, heads: 2, doubleBlocks: 1, singleBlocks: 1 };
const SFT = "a".repeat(64), ARM = "b".repeat(64);

/** The small network of {@link writeSmallRun}. */
export const tinyBackbone = smallTransformer({ width: 24, heads: 2, double: 1, single: 1 });

/** First parameters with noise on all of them, as those that are zero at first hide what a network does. */
export function noisyParams(seed: number, scale = 0.1): Params {
  const first = tinyBackbone.init(seed), random = rng(seed, "noisy");
  try {
    return mapParams(
      first,
      (tensor) => tf.tidy(() => tensor.add(normalTensor(random, tensor.shape as [number]).mul(scale))),
    );
  } finally {
    disposeParams(first);
  }
}

/**
 * Writes a finished run of `deno task ablation` with random networks: `sft` and, where asked, `sobolev-asdpo`.
 *
 * @param root Folder of the runs.
 * @returns The folder of the run.
 */
export async function writeSmallRun(
  root: string,
  { name = "table3-smoke-0", size = 32, arm = false, state = "done" } = {},
): Promise<string> {
  const run = join(root, name), sft = join(root, "stages", `sft-${SFT.slice(0, 16)}`);
  const params = noisyParams(0);
  await writeSafetensors(join(sft, "params.safetensors"), params);
  disposeParams(params);
  await writeJson(join(sft, "stage.json"), { stage: "sft", inputs: { backbone: { kind: "small", ...sizes } } });
  if (arm) {
    const lora = createLora(tinyBackbone.targets, { rank: 2, alpha: 2, rng: rng(1, "arm") }).params,
      random = rng(2, "b");
    const trained = mapParams(lora, (x) => tf.tidy(() => x.add(normalTensor(random, x.shape as [number]).mul(0.1))));
    await writeSafetensors(join(root, "stages", `arm-${ARM.slice(0, 16)}`, "params.safetensors"), trained);
    disposeParams(lora);
    disposeParams(trained);
  }
  await writeJson(join(run, "status.json"), { state, experiment: "table3", preset: "smoke", label: "done" });
  await writeJson(join(run, "results.json"), {
    stages: { "sft, seed 0": SFT, ...(arm ? { "sobolev-asdpo, seed 0": ARM } : {}) },
    seeds: [0],
    settings: { settings: { data: { size }, lora: { rank: 2, alpha: 2 } } },
  });
  return run;
}
