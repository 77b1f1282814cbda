import { tf } from "../engine/mod.ts";
import { axes, type Params } from "../core/mod.ts";
import {
  type AutoencoderConfig,
  checkTile,
  decodeLatents,
  decodeTiles,
  encodeImages,
  encodeTiles,
  latentFactor,
  scaleLatents,
  unscaleLatents,
} from "../backbones/mod.ts";

/** The space in which a flow runs: pixels, or the latents of an autoencoder. */
export interface Codec {
  /** Names the space. */
  readonly name: string;
  /** Values per cell. */
  readonly channels: number;
  /** Pixels per cell, along one side. */
  readonly factor: number;
  /** What the sides of an image must be multiples of. */
  readonly multiple: number;
  /**
   * Bring images to the space of the flow; an autoencoder gives the mode.
   *
   * @param images In [-1, 1]; kept. `[B, H, W, 3]`
   * @returns Fresh. `[B, H / factor, W / factor, channels]`
   * @throws {RangeError} If the sides are no multiples.
   */
  encode(images: tf.Tensor4D): tf.Tensor4D;
  /**
   * Bring a state of the flow back to images.
   *
   * @param latents Kept. `[B, h, w, channels]`
   * @returns Fresh, nominally in [-1, 1], not clipped. `[B, factor h, factor w, 3]`
   */
  decode(latents: tf.Tensor4D): tf.Tensor4D;
}

/** The identity: the small transformer works on pixels, and cuts them into patches of 4 x 4. */
export const pixelCodec: Codec = {
  name: "pixels",
  channels: 3,
  factor: 1,
  multiple: 4,
  encode: (images) => {
    checkSides(images, pixelCodec.multiple);
    return images.clone();
  },
  decode: (latents) => latents.clone(),
};

/** How an autoencoder is used. */
export interface AutoencoderCodecOptions {
  /** Side of a tile in pixels, a multiple of four times the factor; without it images are coded whole. */
  readonly tile?: number;
  /**
   * What the sides of an image must be multiples of, itself a multiple of the factor, which is the default: 16 for FLUX,
   * which packs 2 x 2 latents; 64 and 32 for the UNets of SD1.5 and SDXL, which halve them.
   */
  readonly multiple?: number;
}

/**
 * Make a codec of an autoencoder. Its latents are shifted and scaled to about unit variance.
 *
 * @param config Widths and depths.
 * @param params Under the names of `autoencoderShapes(config)`; kept, they must outlive the codec.
 * @param options Tiles bound the memory of large images.
 * @throws {RangeError} If tile or multiple do not fit the factor.
 */
export function autoencoderCodec(
  config: AutoencoderConfig,
  params: Params,
  options: AutoencoderCodecOptions = {},
): Codec {
  const factor = latentFactor(config), { tile, multiple = factor } = options;
  if (!Number.isInteger(multiple) || multiple < 1 || multiple % factor !== 0) {
    throw new RangeError(
      `Cannot make codec as the multiple must be a positive multiple of ${factor}: current value is ${multiple}`,
    );
  }
  if (tile !== undefined) checkTile(config, tile);
  const forth = (images: tf.Tensor4D) => {
    return tile === undefined ? encodeImages(config, params, images) : encodeTiles(config, params, images, tile);
  };
  const back = (z: tf.Tensor4D) => {
    return tile === undefined ? decodeLatents(config, params, z) : decodeTiles(config, params, z, tile);
  };
  return {
    name: `autoencoder-${config.widths.join("-")}x${config.latentChannels}`,
    channels: config.latentChannels,
    factor,
    multiple,
    encode: (images) => {
      checkSides(images, multiple);
      return tf.tidy(() => scaleLatents(config, forth(images).mean));
    },
    decode: (latents) => tf.tidy(() => back(unscaleLatents(config, latents))),
  };
}

function checkSides(images: tf.Tensor4D, multiple: number): void {
  const { H, W } = axes([images, "B H W 3"]);
  if (H % multiple !== 0 || W % multiple !== 0) {
    throw new RangeError(
      `Cannot encode images as their sides must be multiples of ${multiple}: current value is ${W} x ${H}`,
    );
  }
}
