import { tf } from "asasr/engine/mod.ts";
import { disposeParams, type Params } from "asasr/core/mod.ts";
import { createRaster, type Raster } from "asasr/image/mod.ts";
import { readSafetensors } from "asasr/weights/mod.ts";
import { fixtureArray, readFixture } from "../../fixture.ts";

/** Reads the tensors of a fixture whose names begin with `prefix`, without it; `rename` may change the rest. */
export async function fixtureParams(
  path: string,
  prefix: string,
  rename: (name: string) => string = (name) => name,
): Promise<Params> {
  const { tensors } = await readSafetensors(path, { include: (name) => name.startsWith(prefix) });
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [rename(name.slice(prefix.length)), tensor]),
  );
}

/** Runs a test with parameters and frees them. */
export async function withParams(params: Params, fn: (params: Params) => Promise<void> | void): Promise<void> {
  try {
    await fn(params);
  } finally {
    disposeParams(params);
  }
}

/** The fixture's 8-bit image as a raster. */
export function fixtureRaster(path: string, name: string): Raster {
  const { shape: [height, width], data } = fixtureArray(readFixture(path), name);
  return createRaster({ width, height }, 3, Float32Array.from(data, (value) => value / 255));
}

/** The fixture's maps `[B, C, H, W]` or `[C, H, W]` as a tensor. `[B, H, W, C]` */
export function fixtureMaps(path: string, name: string): tf.Tensor4D {
  const { shape, data } = fixtureArray(readFixture(path), name);
  const full = [...Array(4 - shape.length).fill(1), ...shape] as [number, number, number, number];
  return tf.tidy(() => tf.tensor4d(Float32Array.from(data), full).transpose<tf.Tensor4D>([0, 2, 3, 1]));
}
