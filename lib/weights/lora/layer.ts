import { tf } from "../../engine/mod.ts";
import type { TensorScope } from "../../core/mod.ts";
import { type Adapter, type LinearShapes, loraModules } from "../../nn/mod.ts";

/** An adapted layer: `alpha / rank` times `up down` is added to its weight. */
export interface LoraLayer {
  /** Name in diffusers. */
  readonly module: string;
  /** A. `[r, in]` */
  readonly down: tf.Tensor2D;
  /** B. `[out, r]` */
  readonly up: tf.Tensor2D;
  /** Divided by the rank, the factor of the product. */
  readonly alpha: number;
  /** Height and width of the kernel, where the layer is a convolution. */
  readonly kernel?: readonly [number, number];
}

/**
 * Take an adapter apart.
 *
 * @param targets Tell which layers are convolutions.
 * @returns Layers that share the adapter's tensors.
 */
export function layersOf(adapter: Adapter, targets: LinearShapes): LoraLayer[] {
  return loraModules(adapter).map((module) => {
    const down = adapter.params[`${module}.lora_A.weight`] as tf.Tensor2D;
    const up = adapter.params[`${module}.lora_B.weight`] as tf.Tensor2D;
    const rank = down.shape[0], alpha = rank === adapter.rank ? adapter.alpha : adapter.alpha * rank / adapter.rank;
    return { module, down, up, alpha, kernel: targets[module]?.kernel };
  });
}

/**
 * Put layers together to one adapter.
 *
 * Where `alpha / rank` is not the same everywhere it goes into B: an adapter has one factor for all.
 *
 * @param layers At least one; their tensors stay the caller's.
 * @returns New tensors.
 */
export function adapterOf(layers: readonly LoraLayer[]): Adapter {
  const [largest] = layers.toSorted((a, b) => b.down.shape[0] - a.down.shape[0]);
  const rank = largest.down.shape[0], { alpha } = largest;
  const same = layers.every(({ down, alpha: own }) => own * rank === alpha * down.shape[0]);
  const params: Record<string, tf.Tensor> = {};
  for (const { module, down, up, alpha } of layers) {
    params[`${module}.lora_A.weight`] = down.clone();
    params[`${module}.lora_B.weight`] = same ? up.clone() : tf.tidy(() => up.mul(alpha / down.shape[0]));
  }
  return { rank, alpha: same ? alpha : rank, params };
}

/** Widths and kernels of layers, by module. */
export function shapesOf(layers: readonly LoraLayer[]): LinearShapes {
  return Object.fromEntries(layers.map(({ module, down, up, kernel }) => [
    module,
    { in: down.shape[1], out: up.shape[0], ...kernel && { kernel } },
  ]));
}

/**
 * Lay factors out as PyTorch does: a convolution has A `[r, in / (h w), h, w]` and B `[out, r, 1, 1]`.
 *
 * @returns New tensors.
 */
export function factorsOf({ down, up, kernel }: LoraLayer): { readonly down: tf.Tensor; readonly up: tf.Tensor } {
  if (kernel === undefined) return { down: down.clone(), up: up.clone() };
  const [rank, width] = down.shape, [height, breadth] = kernel;
  return {
    down: down.reshape([rank, width / (height * breadth), height, breadth]),
    up: up.reshape([up.shape[0], rank, 1, 1]),
  };
}

/** Tells whether all layers have the same rank. */
export function oneRank(layers: readonly LoraLayer[]): boolean {
  return layers.every(({ down }) => down.shape[0] === layers[0].down.shape[0]);
}

/** Multiplies B by `alpha / rank`, so that alpha becomes the rank. The scope gets what is new. */
export function foldAlpha(layer: LoraLayer, scope: TensorScope): LoraLayer {
  const [rank] = layer.down.shape;
  if (layer.alpha === rank) return layer;
  return { ...layer, up: scope.own(tf.tidy(() => layer.up.mul<tf.Tensor2D>(layer.alpha / rank))), alpha: rank };
}

/** Gives all layers the largest rank, by rows and columns of zeros. The scope gets what is new. */
export function padRanks(layers: readonly LoraLayer[], scope: TensorScope): readonly LoraLayer[] {
  const largest = Math.max(...layers.map(({ down }) => down.shape[0]));
  return layers.map((layer) => {
    const [rank] = layer.down.shape, more = largest - rank;
    if (more === 0) return layer;
    const down = scope.own(tf.pad(layer.down, [[0, more], [0, 0]]));
    const up = scope.own(tf.pad(layer.up, [[0, 0], [0, more]]));
    return { ...layer, down, up, alpha: layer.alpha * largest / rank };
  });
}
