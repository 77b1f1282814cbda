import { join } from "node:path";
import { tf } from "asasr/engine/mod.ts";
import { alexnet, lpipsHeadShapes } from "asasr/metrics/networks/mod.ts";
import { writeSafetensors } from "asasr/weights/mod.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Writes a file of random weights of the given shapes. */
export async function writeRandom(path: string, shapes: Shapes): Promise<void> {
  const params = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, tf.randomNormal([...shape], 0, 0.05, "float32", i + 1)]),
  );
  await writeSafetensors(path, params);
  tf.dispose(params);
}

/** Writes both files of LPIPS on AlexNet at full size, with tensors in the first that LPIPS does not use. */
export async function writeRandomLpips(folder: string, unused: Shapes = {}): Promise<void> {
  await writeRandom(join(folder, "alexnet.safetensors"), { ...alexnet().shapes, ...unused });
  await writeRandom(join(folder, "lpips_lin_v0.1_alex.safetensors"), lpipsHeadShapes(alexnet()));
}
