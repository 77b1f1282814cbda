import { tf, trace } from "../../engine/mod.ts";
import { disposeParams, type Params } from "../../core/mod.ts";
import { matchParams, readSafetensors } from "../../weights/mod.ts";
import type { TracedRestorer } from "../restore_image.ts";
import type { Restorer } from "../restorer.ts";
import { efdn } from "./efdn.ts";
import type { RestorerNetwork } from "./network.ts";
import { realEsrganGeneral } from "./realesrgan_general.ts";
import { rlfn } from "./rlfn.ts";

/** Published networks that the project runs itself, by the name of the command line. */
export const restorerNetworks: {
  readonly "realesrgan-general": RestorerNetwork;
  readonly efdn: RestorerNetwork;
  readonly rlfn: RestorerNetwork;
} = { "realesrgan-general": realEsrganGeneral, efdn, rlfn };

/** Name of a network in {@link restorerNetworks}. */
export type RestorerNetworkName = keyof typeof restorerNetworks;

/** A network with its parameters, which disposing frees. */
export interface LoadedRestorer extends Disposable {
  /** What it is. */
  readonly network: RestorerNetwork;
  /** The restorer itself. */
  readonly restore: Restorer;
  /** The restorer as one step of the engine, recorded anew for every size of image; faster for many images. */
  readonly traced: TracedRestorer;
}

/**
 * Load a published restorer from a safetensors file.
 *
 * @param name Which network.
 * @param path Its parameters, converted from the official file.
 * @param options.blend A second file of the same network and its share in [0, 1]: parameters are mixed linearly, as
 *   Real-ESRGAN does between the general network and the twin that keeps noise.
 * @returns The restorer; dispose it after use.
 * @throws {InputOutputError} If a file cannot be read.
 * @throws {DataError} If a file is not of this network; the message lists what differs.
 * @throws {RangeError} If the share is outside [0, 1].
 */
export async function loadRestorer(
  name: RestorerNetworkName,
  path: string,
  options: { readonly blend?: { readonly path: string; readonly share: number } } = {},
): Promise<LoadedRestorer> {
  const network: RestorerNetwork = restorerNetworks[name], { blend } = options;
  if (blend && !(blend.share >= 0 && blend.share <= 1)) {
    throw new RangeError(`Cannot blend restorers as the share must be in [0, 1]: current value is ${blend.share}`);
  }
  let params = await readNetwork(network, path);
  if (blend) {
    try {
      const twin = await readNetwork(network, blend.path);
      const mixed = mix(params, twin, blend.share);
      disposeParams(twin);
      disposeParams(params);
      params = mixed;
    } catch (error) {
      disposeParams(params);
      throw error;
    }
  }
  const restore = network.bind(params), traced = trace(restore, { name });
  return {
    network,
    restore,
    traced,
    [Symbol.dispose]() {
      traced.dispose();
      disposeParams(params);
    },
  };
}

async function readNetwork(network: RestorerNetwork, path: string): Promise<Params> {
  const { tensors } = await readSafetensors(path);
  const params = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [network.rename(name), tensor]),
  );
  try {
    matchParams(params, network.shapes, path);
  } catch (error) {
    disposeParams(tensors);
    throw error;
  }
  return params;
}

function mix(first: Params, second: Params, share: number): Params {
  return Object.fromEntries(
    Object.entries(first).map(([name, value]) => [
      name,
      tf.tidy(() => value.mul(1 - share).add(second[name].mul(share))),
    ]),
  );
}
