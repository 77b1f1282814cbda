import { rng } from "../../../core/mod.ts";
import { drawRecipe, proceduralImage, type Recipe } from "../../../dataset/mod.ts";
import type { Raster } from "../../../image/mod.ts";
import { type AskedWorker, startWorker } from "../../worker.ts";
import type { Runner, Turn } from "../runner.ts";
import type { DegradationReply, DegradationRequest } from "./degradation_worker.ts";
import { imageNumbers, type ImageTask } from "./task.ts";

/** Real-ESRGAN degrades windows of this side before it crops them. */
const SIDE = 400;
const NOISY = "gradient with noise";

type DegradationWorker = AskedWorker<DegradationRequest, DegradationReply>;

/**
 * The second-order degradation of Real-ESRGAN (preset `hard`) of procedural images, in as many workers as the peer has
 * threads.
 *
 * @param threads Workers, and threads of the peer.
 * @param count Images, each with its own recipe.
 */
export function degradationTask(threads: number, count = 12): ImageTask {
  const images = Array.from({ length: count }, (_, i) => proceduralImage(0, i, { width: SIDE, height: SIDE }));
  const recipes = images.map((_, i) => drawRecipe(rng(0, "bench/degradation", 0, i), "hard"));
  const tensors = images.map(({ data }, i) => [`image.${i}`, { shape: [SIDE, SIDE, 3], data }] as const);
  return {
    title: `degradation, ${SIDE} px`,
    amount: count,
    unit: "image",
    // DiffJPEG rounds a few coefficients otherwise in float32. Both draw noise of their own: on one image in twelve the
    // gradient spreads by 5 % from draw to draw.
    tolerance: (number) => number === NOISY ? 0.05 : 5e-3,
    job: {
      script: "serve_images.py",
      settings: { task: "degradation", threads, recipes },
      tensors: Object.fromEntries(tensors),
    },
    standsFor: "the pipeline of Real-ESRGAN on BasicSR 1.4.2, which does not import with today's torchvision",
    contenders: [{ name: "", runner: degradationRunner(images, recipes, threads) }],
  };
}

function degradationRunner(images: readonly Raster[], recipes: readonly Recipe[], threads: number): Runner {
  let workers: DegradationWorker[] = [], numbers: Record<string, number> | undefined;
  const start = async () => {
    const url = new URL("./degradation_worker.ts", import.meta.url);
    workers = Array.from({ length: Math.min(threads, images.length) }, () => startWorker(url));
    await Promise.all(workers.map((worker) => worker.ask({ images, recipes })));
  };
  const degradeAll = async (noise: boolean): Promise<Raster[]> => {
    const degraded: Raster[] = new Array(images.length);
    let next = 0;
    const work = async (worker: DegradationWorker) => {
      while (next < images.length) {
        const index = next++;
        degraded[index] = await worker.ask({ index, noise });
      }
    };
    await Promise.all(workers.map(work));
    return degraded;
  };
  return {
    run: async (): Promise<Turn> => {
      if (workers.length === 0) await start();
      numbers ??= describe(await degradeAll(false), await degradeAll(true));
      const began = performance.now();
      await degradeAll(true);
      return { ...numbers, ms: performance.now() - began };
    },
    close: () => {
      for (const worker of workers) worker[Symbol.dispose]();
      workers = [];
      return Promise.resolve();
    },
  };
}

function describe(clean: readonly Raster[], noisy: readonly Raster[]): Record<string, number> {
  const each = clean.flatMap((image, i) =>
    Object.entries(imageNumbers(image)).map(([name, value]) => [`${name} of ${i}`, value] as const)
  );
  const gradient = noisy.reduce((sum, image) => sum + imageNumbers(image).gradient, 0) / noisy.length;
  return { ...Object.fromEntries(each), [NOISY]: gradient };
}
