import type { EngineInfo } from "../../../engine/mod.ts";
import { onEngine } from "../engines.ts";
import { degradationTask } from "./degradation.ts";
import { metricsTask } from "./metrics.ts";
import { openRealEsrgan, realEsrganWork } from "./realesrgan.ts";
import type { ImageTask, ImageTaskName } from "./task.ts";

/** Names of the image work that is measured. */
export const imageTaskNames = ["degradation", "metrics", "realesrgan"] as const satisfies ImageTaskName[];

/**
 * Prepare image work: the images, ours and what the peer is given.
 *
 * @param threads Of everybody.
 * @param engines Engines that run networks.
 * @param images How many images are degraded, or measured; by default enough for a steady time.
 */
export async function imageTask(
  name: ImageTaskName,
  threads: number,
  engines: readonly EngineInfo[],
  images?: number,
): Promise<ImageTask> {
  if (name === "degradation") return degradationTask(threads, images);
  if (name === "metrics") return metricsTask(threads, images);
  const work = await realEsrganWork(), { image: { width, height, data } } = work;
  const network = Object.entries(work.params).map(([name, tensor]) => [`network.${name}`, tensor] as const);
  return {
    title: `Real-ESRGAN general (${work.published ? "published" : "random"} weights), ${width} x ${height} px`,
    amount: 1,
    unit: "image",
    tolerance: 1e-3,
    job: {
      script: "serve_images.py",
      settings: { task: "realesrgan", threads },
      tensors: { ...Object.fromEntries(network), "image.0": { shape: [height, width, 3], data } },
    },
    contenders: engines.map(({ engine }) => ({
      name: engine === "wasm" ? "wasm" : "traced",
      runner: onEngine(engine, threads, () => openRealEsrgan(work)),
    })),
  };
}
