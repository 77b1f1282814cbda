import { join } from "node:path";
import { availableMemory, formatGibibytes, RefusedError } from "../../core/mod.ts";
import { startedEngine } from "../../engine/mod.ts";
import {
  estimateFlux,
  estimateUnet,
  latentFactor,
  type MemoryEstimate,
  type NetworkRun,
  partsLine,
  smallFluxConfig,
  withParts,
} from "../../backbones/mod.ts";
import { fluxLayout, openCheckpoint, type WeightSource } from "../../weights/mod.ts";
import { conditionedFlux } from "./conditioning.ts";
import { holdsBfloat16 } from "./checkpoint_parts.ts";
import type { OpenOptions } from "./opened_model.ts";
import { fluxModelParts, unetModelParts } from "./parts.ts";
import { readSmallSettings } from "./small_model.ts";

/** What a model is to do at a time. */
export interface ModelUse extends NetworkRun {
  /** Pixels of a sample: of a training crop, or of a tile. */
  readonly pixels: number;
}

/** Tokens of text: FLUX's empty prompt, and the context of the small transformer. */
const TEXT = 512, SMALL_TEXT = 8;
/** Latents, and pixels of the small transformer, along the side of a token. */
const PACKED = 2, PATCH = 4;
/** Bytes a pixel that a traced function of the autoencoder takes for each of its finest channels: measured, 4 kB with 128. */
const CODED_BYTES = 32;

/**
 * Bytes that the traced functions of a whole command take for each tensor of a UNet, beside the one pass that its estimate
 * is fitted to; a training, further ones for each adapter in memory. Measured on tiny SD1.5 and SDXL (494 and
 * 718 tensors, whose weights and maps hardly count): sampling 0.46 and 0.34 MB, SFT 1.03 and 0.96, all stages 1.92 and 1.87.
 */
const FUNCTION_BYTES = { sampling: 0.4e6, training: 0.55e6, adapter: 0.45e6 };

/**
 * Estimate the memory of a model, from configurations and the headers of the files alone: nothing is loaded.
 *
 * @returns The ways to hold its weights, the fastest first; only FLUX can be streamed.
 * @throws {InputOutputError} If a file is missing.
 * @throws {DataError} If one does not fit.
 */
export async function estimateModel(options: OpenOptions, use: ModelUse): Promise<MemoryEstimate[]> {
  const { backbone, checkpoint, conditionScale = 1 } = options;
  if (backbone === "small") {
    const { width, heads, doubleBlocks: double, singleBlocks: single } = await readSmallSettings(checkpoint);
    const config = smallFluxConfig({ width, heads, double, single }), tokens = SMALL_TEXT + use.pixels / PATCH ** 2;
    const tensors = await heldTensors(join(checkpoint, "params.safetensors"), "f32");
    return [estimateFlux(config, tensors, { ...use, tokens }, "resident")];
  }
  const parts = backbone === "flux"
    ? { kind: backbone, ...await fluxModelParts(checkpoint) }
    : { kind: backbone, ...await unetModelParts(checkpoint) };
  const { autoencoder: { weights, config: autoencoder }, network } = parts;
  const coder = await heldTensors(weights, "f32"), cells = use.pixels / latentFactor(autoencoder) ** 2;
  const whole = (estimate: MemoryEstimate): MemoryEstimate => {
    const { activations, ...parts } = estimate.parts;
    return withParts(estimate.weights, {
      ...parts,
      autoencoder: sizeOf(coder),
      // Crops and tiles are coded one at a time, while the network rests.
      activations: Math.max(activations, CODED_BYTES * autoencoder.widths[0] * use.pixels),
    });
  };
  const tensors = await heldTensors(network.weights, options.dtype);
  if (parts.kind !== "flux") {
    const { parts: own, weights } = estimateUnet(parts.network.config, tensors, { ...use, cells });
    const functions = functionBytes(use) * Object.keys(tensors).length;
    return [whole(withParts(weights, { ...own, "traced functions": functions }))];
  }
  const { config, conditioning } = conditionedFlux(parts.network.config, options.conditioning);
  const copies = 1 + (conditioning === "channel" ? 0 : conditionScale ** 2);
  const run = { ...use, tokens: TEXT + copies * cells / PACKED ** 2 };
  return (["resident", "streamed"] as const).map((weights) => whole(estimateFlux(config, tensors, run, weights)));
}

/** Bytes that a model may take: what this machine has free; no limit where an accelerator holds it, which is not asked. */
export function freeMemory(): number {
  return startedEngine()?.engine === "gpu" ? Infinity : availableMemory();
}

/** Whose memory is planned, and within what. */
export interface MemoryLimit {
  /** Begins the refusal: `train`. */
  readonly verb: string;
  /** Bytes there are. */
  readonly limit: number;
  /** Where the weights are to be, if that is not to be decided here. */
  readonly weights?: MemoryEstimate["weights"];
}

/**
 * Choose how a model's weights are held: the fastest way that fits.
 *
 * @param estimates From {@linkcode estimateModel}.
 * @param smaller What else could be asked for, the nearest first: a name such as `--batch 1`, and its estimates.
 * @throws {RefusedError} If nothing fits; it says what would.
 */
export async function planMemory(
  estimates: readonly MemoryEstimate[],
  { verb, limit, weights }: MemoryLimit,
  smaller: Iterable<readonly [name: string, estimates: () => Promise<MemoryEstimate[]>]>,
): Promise<MemoryEstimate> {
  const allowed = estimates.filter((estimate) => weights === undefined || estimate.weights === weights);
  const fitting = (all: readonly MemoryEstimate[]) => all.find(({ bytes }) => bytes <= limit);
  const found = fitting(allowed);
  if (found) return found;
  const least = allowed.at(-1) ?? estimates[0], other = fitting(estimates);
  const refuse = (advice: string) => {
    const streamed = least.weights === "streamed" ? ", with streamed weights," : "";
    throw new RefusedError(
      `Cannot ${verb} as about ${formatGibibytes(least.bytes)} of memory are needed${streamed} (${partsLine(least)}; ` +
        `${advice}): current value is ${formatGibibytes(limit)}`,
    );
  };
  if (other) return refuse(`--hold ${other.weights} needs ${formatGibibytes(other.bytes)}`);
  for (const [name, estimate] of smaller) {
    const fits = fitting(await estimate());
    if (fits) {
      const streamed = fits.weights === "streamed" ? ", its weights streamed" : "";
      return refuse(`${name} would fit with ${formatGibibytes(fits.bytes)}${streamed}`);
    }
  }
  const [part, bytes] = Object.entries(least.parts).reduce((a, b) => b[1] > a[1] ? b : a);
  return refuse(`nothing smaller would fit; the largest part is ${part}, ${formatGibibytes(bytes)}`);
}

function functionBytes({ adapterValues = 0, trainedValues = 0 }: ModelUse): number {
  const { sampling, training, adapter } = FUNCTION_BYTES;
  return trainedValues === 0 ? sampling : training + adapter * adapterValues / trainedValues;
}

async function heldTensors(path: string, dtype: OpenOptions["dtype"]): Promise<WeightSource["tensors"]> {
  const precision = holdsBfloat16(dtype) ? "bfloat16" : "float32";
  using source = await openCheckpoint(path, { precision, layout: fluxLayout });
  return source.tensors;
}

function sizeOf(tensors: WeightSource["tensors"]): number {
  return Object.values(tensors).reduce((sum, { bytes }) => sum + bytes, 0);
}
