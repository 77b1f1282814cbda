import { existsSync } from "node:fs";
import { join } from "node:path";
import { decodeTensors, disposeParams, type HostTensor, readBytes, rng, uploadParams } from "../../../core/mod.ts";
import { proceduralImage } from "../../../dataset/mod.ts";
import { trace } from "../../../engine/mod.ts";
import { type Raster, rasterToTensor } from "../../../image/mod.ts";
import { restorerNetworks } from "../../../restorers/mod.ts";
import type { HostParams } from "../workload.ts";
import type { Runner, Turn } from "../runner.ts";
import { imageNumbers } from "./task.ts";

const SIDE = 128;
/** Where the published weights may lie, beside the project. */
const WEIGHTS = join(import.meta.dirname!, "../../../../../shared/weights/realesr_general_x4v3.safetensors");
const network = restorerNetworks["realesrgan-general"];

/** An image and the weights that restore it. */
export interface RealEsrganWork {
  /** In [0, 1]. */
  readonly image: Raster;
  /** By the names of the published checkpoint. */
  readonly params: HostParams;
  /** Whether the weights are the published ones; else random ones of their shapes, which take the same time. */
  readonly published: boolean;
}

/** Read the published weights of Real-ESRGAN general where they are there, or draw some. */
export async function realEsrganWork(weights: string = WEIGHTS): Promise<RealEsrganWork> {
  const image = proceduralImage(2, 0, { width: SIDE, height: SIDE }), published = existsSync(weights);
  if (!published) return { image, published, params: drawParams() };
  const { tensors } = decodeTensors(await readBytes(weights), weights);
  const named = Object.entries(tensors).map(([name, tensor]) => [network.rename(name), tensor]);
  return { image, published, params: Object.fromEntries(named) };
}

/** Restore the image on the engine that runs, through one traced step as the commands do. */
export function openRealEsrgan({ image, params }: RealEsrganWork): Runner {
  const uploaded = uploadParams(params), restore = trace(network.bind(uploaded), { name: "realesrgan" });
  const input = rasterToTensor([image]);
  let numbers: Record<string, number> | undefined;
  return {
    run: async (): Promise<Turn> => {
      const began = performance.now(), output = await restore(input), values = await output.data();
      const ms = performance.now() - began;
      numbers ??= outputNumbers(values as Float32Array, SIDE * 4);
      output.dispose();
      return { ...numbers, ms };
    },
    close: () => {
      restore.dispose();
      disposeParams(uploaded);
      input.dispose();
      return Promise.resolve();
    },
  };
}

/** Of the output before it is clamped, in [0, 1]. */
function outputNumbers(values: Float32Array, side: number): Record<string, number> {
  const data = values.map((value) => (value + 1) / 2);
  return { ...imageNumbers({ width: side, height: side, channels: 3, data }) };
}

function drawParams(): HostParams {
  return Object.fromEntries(
    Object.entries(network.shapes).map(([name, shape]): [string, HostTensor] => {
      const random = rng(0, `bench/realesrgan/${name}`), count = shape.reduce((product, length) => product * length, 1);
      if (shape.length === 1) return [name, { shape, data: random.uniforms(count).map((value) => 0.25 * value) }];
      const deviation = Math.sqrt(2 / (count / shape[0])); // activations keep their size (He et al. 2015)
      return [name, { shape, data: random.normals(count).map((value) => deviation * value) }];
    }),
  );
}
