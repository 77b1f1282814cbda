import { rng } from "../../../core/mod.ts";
import { proceduralImage } from "../../../dataset/mod.ts";
import { createRaster, quantise8, type Raster } from "../../../image/mod.ts";
import { niqe, type NiqeModel, prepareImage, protocols, psnr, ssim } from "../../../metrics/mod.ts";
import type { Runner, Turn } from "../runner.ts";
import type { ImageTask } from "./task.ts";

const SIZE = { width: 768, height: 512 };
const FEATURES = 36;
const protocol = protocols.basicsr;

/**
 * PSNR, SSIM and NIQE of pairs of noisy procedural images under the protocol `basicsr`, in one thread.
 *
 * @param threads Of the peer, which uses them where OpenCV does.
 * @param count Pairs.
 */
export function metricsTask(threads: number, count = 4): ImageTask {
  const scenes = Array.from({ length: count }, (_, i) => proceduralImage(1, i, SIZE));
  const truths = scenes.map((scene, i) => withNoise(scene, 2, i)), images = truths.map((r, i) => withNoise(r, 6, i));
  const model = pristine(),
    pixels = (kind: string, set: readonly Raster[]) =>
      set.map(({ data }, i) => [`${kind}.${i}`, { shape: [SIZE.height, SIZE.width, 3], data }] as const);
  return {
    title: `PSNR + SSIM + NIQE, ${SIZE.width} x ${SIZE.height} px`,
    amount: count * SIZE.width * SIZE.height / 1e6,
    unit: "megapixel",
    tolerance: 5e-3, // NIQE moves by steps of its grid of shapes where a peer computes in float32
    job: {
      script: "serve_images.py",
      settings: { task: "metrics", threads, pairs: count, border: protocol.border },
      tensors: {
        ...Object.fromEntries([...pixels("image", images), ...pixels("truth", truths)]),
        "model.mean": { shape: [FEATURES], data: Float32Array.from(model.mean) },
        "model.covariance": { shape: [FEATURES, FEATURES], data: Float32Array.from(model.covariance) },
      },
    },
    standsFor: "BasicSR 1.4.2, which does not import with today's torchvision",
    contenders: [{ name: "", runner: metricsRunner(images, truths, model) }],
  };
}

function metricsRunner(images: readonly Raster[], truths: readonly Raster[], model: NiqeModel): Runner {
  return {
    run: (): Promise<Turn> => {
      const began = performance.now(), sums = { psnr: 0, ssim: 0, niqe: 0 };
      images.forEach((image, i) => {
        const sr = prepareImage(image, protocol), hr = prepareImage(truths[i], protocol);
        sums.psnr += psnr(sr, hr, protocol) / images.length;
        sums.ssim += ssim(sr, hr, protocol) / images.length;
        sums.niqe += niqe(sr, model, protocol) / images.length;
      });
      return Promise.resolve({ ms: performance.now() - began, ...sums });
    },
    close: () => Promise.resolve(),
  };
}

/** Adds Gaussian noise, so that no area is flat: there the last bit of a sum decides NIQE's signs. */
function withNoise(image: Raster, sigma: number, item: number): Raster {
  const noise = rng(sigma, "bench/metrics", 0, item).normals(image.data.length);
  return quantise8(createRaster(image, 3, image.data.map((value, i) => value + sigma * noise[i] / 255)));
}

/** Some model: which one changes no time. */
function pristine(): NiqeModel {
  const covariance = new Float64Array(FEATURES ** 2);
  for (let i = 0; i < FEATURES; i++) covariance[i * (FEATURES + 1)] = 0.25;
  return { mean: new Float64Array(FEATURES).fill(1), covariance, source: "made up" };
}
