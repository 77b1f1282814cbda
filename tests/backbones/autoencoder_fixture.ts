import { join } from "node:path";
import { type Params, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { type AutoencoderConfig, autoencoderShapes, parseAutoencoderConfig } from "../../lib/backbones/mod.ts";
import { matchParams, readSafetensors } from "../../lib/weights/mod.ts";
import { goldenPath } from "../support.ts";

/** The tiny autoencoders of the goldens. */
export const tinyAutoencoders = ["vae_flux_tiny", "vae_sd_tiny"] as const;

/**
 * Runs a test on a tiny autoencoder and frees everything.
 *
 * @param fn Gets the network and its goldens; maps and images are turned to NHWC.
 */
export async function withAutoencoder(
  name: typeof tinyAutoencoders[number],
  fn: (
    network: { readonly config: AutoencoderConfig; readonly params: Params },
    io: Readonly<Record<string, tf.Tensor4D>>,
  ) => void | Promise<void>,
): Promise<void> {
  using scope = tensorScope();
  const at = (file: string) => join(goldenPath("vae"), `${name}${file}`);
  const config = parseAutoencoderConfig(JSON.parse(Deno.readTextFileSync(at("_config.json"))));
  const params = scope.own((await readSafetensors(at(".safetensors"))).tensors);
  matchParams(params, autoencoderShapes(config), name);
  const io = scope.own(channelsLast((await readSafetensors(at("_io.safetensors"))).tensors));
  if (fn.constructor.name === "AsyncFunction") await fn({ config, params }, io);
  else tf.tidy(() => void fn({ config, params }, io));
}

/** Turns maps of PyTorch to those of this project, and frees the former. */
export function channelsLast(maps: Params): Record<string, tf.Tensor4D> {
  return Object.fromEntries(
    Object.entries(maps).map(([name, tensor]) => {
      const turned = tensor.transpose<tf.Tensor4D>([0, 2, 3, 1]);
      tensor.dispose();
      return [name, turned];
    }),
  );
}
