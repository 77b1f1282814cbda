import { TrainingError } from "../../core/mod.ts";
import { tf, trace } from "../../engine/mod.ts";
import type { Adapter } from "../../nn/mod.ts";
import { conditionOf } from "../../dataset/mod.ts";
import {
  countTiles,
  type HostImage,
  mapTiles,
  noiseField,
  pixelCodec,
  type TileMap,
  traceTiledSampler,
} from "../../flow/mod.ts";
import { createRaster, crop, extendMirrored, fixColour, type Raster, type RasterSize, toRgb } from "../../image/mod.ts";
import { SCALE } from "../../restorers/mod.ts";
import type { OpenedModel } from "../models/mod.ts";
import { type RestoreLayout, restoreLayout, type RestoreSettings } from "./settings.ts";

/** How one image is restored. */
export interface RasterOptions extends Pick<TileMap, "signal" | "onTiles"> {
  /** Names it in errors. */
  readonly label?: string;
}

/** Restores images with one network and one way of sampling; what was traced serves all of them. */
export interface RasterRestorer extends Disposable {
  /**
   * Restore an image.
   *
   * @param lr Gray or RGB, in [0, 1], of any size.
   * @returns Of four times the sides and as many channels, in [0, 1].
   * @throws {TrainingError} If a value is not finite.
   * @throws {StoppedError} If the signal was raised.
   */
  restore(lr: Raster, options?: RasterOptions): Promise<Raster>;
}

/** Calls of network and autoencoder, counted by tiles, that restoring an image takes: what progress is measured in. */
export function countWork({ grid }: RestoreLayout, steps: number, coded: boolean): number {
  return countTiles(grid) * (steps + (coded ? 2 : 0));
}

/** Whether images go through an autoencoder. */
export function isCoded({ codec }: Pick<OpenedModel, "codec">): boolean {
  return codec !== pixelCodec;
}

/**
 * Make a restorer of a model, in overlapping tiles: encoding, every step of the sampling, and decoding.
 *
 * @param model Must outlive the restorer, as must the adapters.
 * @param adapters On its weights, such as those of SFT and AS-DPO.
 * @param options.batchSize Tiles in one call of the network.
 */
export function rasterRestorer(
  model: OpenedModel,
  adapters: readonly Adapter[],
  settings: RestoreSettings & { readonly batchSize: number },
): RasterRestorer {
  const { codec, conditionScale } = model, { steps, seed, batchSize } = settings;
  const rules = { multiple: codec.multiple, conditionScale };
  const sampler = traceTiledSampler(model.backbone.velocity(model.params, adapters), model.solver);
  const encode = trace((images: tf.Tensor4D) => codec.encode(images), { name: "encode" });
  const decode = trace((latents: tf.Tensor4D) => codec.decode(latents), { name: "decode" });

  const sampled = async (lr: Raster, options: Pick<TileMap, "signal" | "onTiles">): Promise<HostImage> => {
    const { size, grid } = restoreLayout(lr, rules, settings), { width, height } = size;
    const padded = extendMirrored(lr, { width: width / SCALE, height: height / SCALE });
    const seen = signedPixels(conditionOf(padded, SCALE * conditionScale));
    const common = { ...options, grid };
    const times = model.times(steps, grid.rows.tile, grid.columns.tile); // what the network sees at once
    const cells = { height: height / codec.factor, width: width / codec.factor, channels: codec.channels };
    const x0 = noiseField(seed, "restore", cells);
    if (!isCoded(model)) return await sampler.sample({ ...common, x0, c: seen, times, batchSize });
    const sides = { height: seen.height / codec.factor, width: seen.width / codec.factor };
    const c = blank(sides, codec.channels);
    await mapTiles({ ...common, inputs: [seen], into: c, apply: ([images]) => encode(images) });
    const x1 = await sampler.sample({ ...common, x0, c, times, batchSize });
    const pixels = blank(size, 3);
    await mapTiles({ ...common, inputs: [x1], into: pixels, apply: ([latents]) => decode(latents) });
    return pixels;
  };

  return {
    async restore(lr, { label = "image", ...options } = {}) {
      const colours = toRgb(lr), size = { width: SCALE * lr.width, height: SCALE * lr.height };
      const pixels = await sampled(colours, options);
      checkFinite(pixels, label);
      const restored = crop(unitRaster(pixels), { left: 0, top: 0, ...size });
      const fixed = clamped(fixColour(restored, conditionOf(colours), settings.colourFix));
      return lr.channels === 1 ? grayOf(fixed) : fixed;
    },
    [Symbol.dispose]() {
      for (const traced of [encode, decode]) traced.dispose();
      sampler[Symbol.dispose]();
    },
  };
}

/** A value that is none would become black. */
function checkFinite({ data }: HostImage, label: string): void {
  const wrong = data.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new TrainingError(
    `Cannot restore ${label} as every value of its result must be finite, which weights or adapters with NaN or with too large values ` +
      `prevent: current value is ${wrong}`,
  );
}

function signedPixels({ width, height, channels, data }: Raster): HostImage {
  return { width, height, channels, data: data.map((value) => 2 * value - 1) };
}

function unitRaster({ width, height, data }: HostImage): Raster {
  for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max((data[i] + 1) / 2, 0), 1);
  return createRaster({ width, height }, 3, data);
}

function blank({ width, height }: RasterSize, channels: number): HostImage {
  return { width, height, channels, data: new Float32Array(width * height * channels) };
}

function clamped(r: Raster): Raster {
  for (let i = 0; i < r.data.length; i++) r.data[i] = Math.min(Math.max(r.data[i], 0), 1);
  return r;
}

/** The mean of the channels, which is the nearest gray. */
function grayOf({ width, height, data }: Raster): Raster {
  const gray = new Float32Array(width * height);
  for (let i = 0, at = 0; i < gray.length; i++, at += 3) gray[i] = (data[at] + data[at + 1] + data[at + 2]) / 3;
  return createRaster({ width, height }, 1, gray);
}
