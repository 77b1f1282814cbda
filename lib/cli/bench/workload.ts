import { type HostTensor, type Rng, rng, uploadParams } from "../../core/mod.ts";
import type { AdamWOptions } from "../../optim/mod.ts";
import { type Backbone, type SmallConfig, smallTransformer } from "../../backbones/mod.ts";
import type { AdapterScale, FlowBatch } from "../../flow/mod.ts";
import type { ObjectiveOptions } from "../../asdpo/mod.ts";
import type { PeerJob } from "./peer.ts";

/** Tensors outside any engine, by name. */
export type HostParams = Readonly<Record<string, HostTensor>>;

/** What is trained in a benchmark: the same numbers for every engine and for PyTorch. */
export interface Workload {
  /** Of the small transformer. */
  readonly model: Required<Omit<SmallConfig, "checkpointing">>;
  /** Made of `model`. */
  readonly backbone: Backbone;
  /** Of both adapters. */
  readonly scale: AdapterScale;
  /** Of both steps. */
  readonly optimizer: AdamWOptions & { readonly betas: readonly [number, number] };
  /** Of the AS-DPO step. */
  readonly objective: ObjectiveOptions & { readonly rho: number };
  /** Weights of the transformer: trained by SFT, frozen for AS-DPO. */
  readonly base: HostParams;
  /** The adapter that AS-DPO trains. */
  readonly policy: HostParams;
  /** The frozen adapter that makes negatives. */
  readonly adversary: HostParams;
  /** `x0`, `x1`, `c` `[B, size, size, 3]` and `t` `[B]`. */
  readonly batch: HostParams;
}

/** Sizes of a workload. */
export interface WorkloadSize {
  /** Images in a batch. */
  readonly batch: number;
  /** Side of the images in pixels, a multiple of 4. */
  readonly size: number;
  /** Width of the small transformer, a multiple of 8. */
  readonly width: number;
}

const RANK = 16;

/**
 * Draw a workload. No weight is zero, as some are before training, so that every gradient counts.
 *
 * @param size Sizes of batch, images and transformer.
 * @returns Weights, adapters and a batch, the same for the same sizes.
 */
export function drawWorkload({ batch, size, width }: WorkloadSize): Workload {
  const model = { width, heads: 4, double: 2, single: 2, patch: 4, contextTokens: 8 };
  const backbone = smallTransformer(model);
  const image = [batch, size, size, 3];
  return {
    model,
    backbone,
    scale: { rank: RANK, alpha: RANK },
    optimizer: { learningRate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 1e-4, clipNorm: 1 },
    // Energies of random weights are some 20 times those of trained ones, for which beta is 2000.
    objective: { s: 1.5, beta: 100, rho: 0.5 },
    base: drawWeights(backbone, rng(0, "bench/base")),
    policy: drawAdapter(backbone, rng(0, "bench/policy")),
    adversary: drawAdapter(backbone, rng(0, "bench/adversary")),
    batch: {
      x0: normals(rng(0, "bench/x0"), image, 1),
      x1: normals(rng(0, "bench/x1"), image, 0.5),
      c: normals(rng(0, "bench/c"), image, 0.5),
      t: { shape: [batch], data: rng(0, "bench/t").uniforms(batch) },
    },
  };
}

/** Bring the batch of a workload into the engine; the caller owns it. */
export function uploadBatch({ batch }: Workload): FlowBatch {
  return uploadParams(batch) as unknown as FlowBatch;
}

/** The workload as PyTorch is given it. */
export function stepJob(
  { model, optimizer, objective, scale, base, policy, adversary, batch }: Workload,
  threads: number,
): PeerJob {
  const parts: Record<string, HostParams> = { base, policy, adversary, batch };
  const tensors = Object.entries(parts).flatMap(([part, tensors]) =>
    Object.entries(tensors).map(([name, tensor]) => [`${part}.${name}`, tensor] as const)
  );
  const settings = { model, threads, alpha: scale.alpha, settings: { ...optimizer, ...objective } };
  return { script: "serve_steps.py", settings, tensors: Object.fromEntries(tensors) };
}

function drawWeights({ shapes }: Backbone, random: Rng): HostParams {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      if (shape.length > 1) return [name, normals(random, shape, 1 / Math.sqrt(shape[1]))];
      const mean = name.endsWith(".weight") ? 1 : 0; // of a norm, of a bias
      return [name, normals(random, shape, 0.02, mean)];
    }),
  );
}

function drawAdapter({ targets }: Backbone, random: Rng): HostParams {
  return Object.fromEntries(
    Object.entries(targets).flatMap(([name, layer]) => [
      [`${name}.lora_A.weight`, normals(random, [RANK, layer.in], 1 / Math.sqrt(layer.in))],
      [`${name}.lora_B.weight`, normals(random, [layer.out, RANK], 0.002)],
    ]),
  );
}

function normals(random: Rng, shape: readonly number[], deviation: number, mean = 0): HostTensor {
  const values = random.normals(shape.reduce((product, length) => product * length, 1));
  return { shape, data: values.map((value) => mean + deviation * value) };
}
