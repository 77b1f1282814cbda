import { normalTensor, rng, type TensorScope } from "../../../lib/core/mod.ts";
import { tf } from "../../../lib/engine/mod.ts";
import { fluxTargets, parseFluxConfig, parseUnetConfig, unetTargets } from "../../../lib/backbones/mod.ts";
import type { Adapter, LinearShapes } from "../../../lib/nn/mod.ts";
import type { LoraNetwork } from "../../../lib/weights/mod.ts";
import { close, goldenPath } from "../../support.ts";

/** Networks of the goldens, with the condition of the UNets on the channels. */
export const networks = { flux: flux(), sd15: unet("sd15"), sdxl: unet("sdxl") };

/** One of them. */
export type NetworkName = keyof typeof networks;

/** Draws an adapter of given ranks; its tensors belong to the scope. */
export function drawAdapter(
  targets: LinearShapes,
  { rank, alpha, rankOf = () => rank }: {
    readonly rank: number;
    readonly alpha: number;
    readonly rankOf?: (module: string) => number;
  },
  scope: TensorScope,
): Adapter {
  const random = rng(1, "adapter");
  const draw = (rows: number, columns: number, deviation: number) =>
    normalTensor<tf.Rank.R2>(random, [rows, columns]).mul(deviation);
  const params: Record<string, tf.Tensor> = {};
  for (const [module, { in: width, out }] of Object.entries(targets)) {
    params[`${module}.lora_A.weight`] = scope.own(tf.tidy(() => draw(rankOf(module), width, width ** -0.5)));
    params[`${module}.lora_B.weight`] = scope.own(tf.tidy(() => draw(out, rankOf(module), 0.1)));
  }
  return { rank, alpha, params };
}

/** Fails unless adapters add the same to every layer. */
export function sameProducts(actual: Adapter, expected: Adapter, tolerance: number): void {
  const names = Object.keys(expected.params).filter((name) => name.includes("lora_A"));
  if (Object.keys(actual.params).length !== 2 * names.length) throw new Error("Adapters have not the same layers");
  tf.tidy(() => {
    for (const name of names) {
      const [a, e] = [actual, expected].map(({ params, alpha, rank }) =>
        params[name.replace("lora_A", "lora_B")].matMul(params[name]).mul(alpha / rank)
      );
      close(a, e, { relative: tolerance });
    }
  });
}

function flux(): LoraNetwork {
  const config = parseFluxConfig(JSON.parse(Deno.readTextFileSync(goldenPath("flux/config.json"))));
  return { prefix: "transformer", targets: fluxTargets(config) };
}

function unet(name: "sd15" | "sdxl"): LoraNetwork {
  const config = parseUnetConfig(
    JSON.parse(Deno.readTextFileSync(goldenPath(`unet/unet_${name}_tiny_config.json`))),
  );
  return { prefix: "unet", targets: unetTargets({ ...config, inChannels: 2 * config.outChannels }) };
}
