import {
  FLUX_DEV,
  type FluxPass,
  fluxShapes,
  fluxWidth,
  jointDoubleBlock,
  singleBlock,
  type VelocityField,
} from "../../backbones/mod.ts";
import { disposeParams, type Params, peakMemory, rng, tensorScope } from "../../core/mod.ts";
import { tf, trace } from "../../engine/mod.ts";
import { drawNoise, traceSampler } from "../../flow/mod.ts";
import { ropeAngles, silu } from "../../nn/mod.ts";
import type { RunEvent } from "../events.ts";
import type { RunContext } from "../stages/context.ts";
import type { Measurement } from "./measure.ts";

/** Side of the square matrices whose product is the peak, and how often everything is timed. */
const SIDE = 2048, REPEATS = 3;
/** Tokens of the measured FLUX blocks: 512 of the text, 256 of a latent of 256 px; and those of FLUX at 1024 px. */
const TEXT = 512, IMAGE_SIDE = 16;
/** The paper's row: an A800, and its 312 TFLOP/s. */
const PAPER = ["paper: FLUX.1-dev on an A800, per image (memory in GB, as printed)", 19.6, 2.85e6, 33.02, 46.6];
/** Zero tokens that the small transformer has in the place of text. */
const CONTEXT = 8, PATCH = 4;

/** Measures Table 5 on this machine: seconds, FLOP by the formula, memory, utilisation of the measured product's rate. */
export async function* measureCost(
  { backbone, settings, store, signal }: RunContext,
): AsyncGenerator<RunEvent, Measurement> {
  store.progress.count = 3;
  const begin = (label: string): RunEvent => ({
    kind: "stage",
    stage: "cost",
    label,
    cached: false,
    index: ++store.progress.index,
    count: store.progress.count,
  });
  yield begin("matrix product");
  const peak = await productRate();
  const rows: (string | number)[][] = [];
  const row = (label: string, seconds: number, flop: number) =>
    rows.push([
      label,
      Number(seconds.toPrecision(4)),
      Number((flop / 1e9).toPrecision(4)),
      Number((peakMemory() / 2 ** 30).toPrecision(3)),
      Number((100 * flop / seconds / peak).toPrecision(3)),
    ]);
  yield begin("small transformer");
  const { data: { size }, evaluation: { steps }, backbone: small } = settings;
  if (small.kind === "small") {
    const seconds = await samplingSeconds(backbone, size, steps, signal);
    const tokens = CONTEXT + (size / PATCH) ** 2;
    const flop = steps * blocksFlop(small.doubleBlocks + small.singleBlocks, small.width, tokens);
    row(`small transformer, ${size} px, ${steps} steps, an image of a batch of 8`, seconds, flop);
  }
  yield begin("blocks of FLUX.1-dev");
  const width = fluxWidth(FLUX_DEV), tokens = TEXT + IMAGE_SIDE ** 2;
  for (const kind of ["double", "single"] as const) {
    row(
      `${kind} block of FLUX.1-dev, float32, ${tokens} tokens`,
      await blockSeconds(kind),
      blocksFlop(1, width, tokens),
    );
  }
  return {
    tables: [{
      caption: `Measured here; the rate of a product of ${SIDE} x ${SIDE} matrices is ${(peak / 1e9).toFixed(1)} ` +
        "GFLOP/s. FLOP by 24 d^2 L + 4 L^2 d a block. Memory is the process's greatest so far.",
      columns: ["what", "seconds", "GFLOP", "memory, GiB", "utilisation, %"],
      rows: [...rows, PAPER],
    }],
    findings: [],
  };
}

/** FLOP of a forward through blocks of width d on L tokens, an addition and a product counting as two. */
export function blocksFlop(blocks: number, width: number, tokens: number): number {
  return blocks * (24 * width ** 2 * tokens + 4 * tokens ** 2 * width);
}

/** FLOP a second of a large matrix product: what utilisation is measured against. */
async function productRate(): Promise<number> {
  using scope = tensorScope();
  const a = scope.own(tf.randomUniform<tf.Rank.R2>([SIDE, SIDE], -1, 1, "float32", 0));
  return 2 * SIDE ** 3 / await fastest(async () => {
    const product = tf.matMul(a, a);
    await product.data();
    product.dispose();
  });
}

async function samplingSeconds(
  backbone: RunContext["backbone"],
  size: number,
  steps: number,
  signal: AbortSignal,
): Promise<number> {
  using scope = tensorScope();
  const images = [0, 1, 2, 3, 4, 5, 6, 7], params = backbone.init(0);
  try {
    const field: VelocityField = backbone.velocity(params);
    using sampler = traceSampler(field);
    const x0 = scope.own(drawNoise(0, "cost", 0, images, [size, size, 3]));
    const c = scope.own(drawNoise(0, "cost", 1, images, [size, size, 3]));
    const seconds = await fastest(async () => {
      const made = await sampler.sample({ x0, c, steps, batchSize: images.length, signal });
      await made.data();
      made.dispose();
    });
    return seconds / images.length;
  } finally {
    disposeParams(params);
  }
}

/** Seconds of one block of random weights at full width. */
async function blockSeconds(kind: "double" | "single"): Promise<number> {
  using scope = tensorScope();
  const width = fluxWidth(FLUX_DEV), tokens = TEXT + IMAGE_SIDE ** 2;
  const own = kind === "double" ? "transformer_blocks.0." : "single_transformer_blocks.0.";
  const random = rng(0, "cost-block");
  const normal = <R extends tf.Rank>(shape: tf.ShapeMap[R]) =>
    scope.own(tf.randomNormal<R>(shape, 0, 0.02, "float32", random.int(2 ** 31)));
  const params: Params = Object.fromEntries(
    Object.entries(fluxShapes({ ...FLUX_DEV, doubleBlocks: 1, singleBlocks: 1 }))
      .filter(([name]) => name.startsWith(own))
      .map(([name, shape]) => [`block.${name.slice(own.length)}`, normal([...shape] as tf.ShapeMap[tf.Rank])]),
  );
  const joint = normal<tf.Rank.R3>([1, tokens, width]), embedding = normal<tf.Rank.R2>([1, width]);
  const ids = Array.from({ length: tokens }, (_, i) => {
    const at = i - TEXT;
    return at < 0 ? [0, 0, 0] : [0, Math.floor(at / IMAGE_SIDE), at % IMAGE_SIDE];
  });
  const angles = ropeAngles(ids, FLUX_DEV.axesWidths);
  const [cos, sin] = [angles.cos, angles.sin].map((values) =>
    scope.own(tf.tensor2d(values, angles.shape as [number, number]))
  );
  const forward = trace((joint: tf.Tensor3D, embedding: tf.Tensor2D) => {
    const pass: FluxPass = {
      heads: FLUX_DEV.heads,
      params,
      adapters: [],
      modulation: silu(embedding) as tf.Tensor2D,
      rope: { cos, sin },
    };
    return kind === "double" ? jointDoubleBlock(pass, "block", joint, TEXT) : singleBlock(pass, "block", joint);
  }, { name: `${kind} block` });
  try {
    return await fastest(async () => {
      const output = await forward(joint, embedding);
      await output.data();
      output.dispose();
    });
  } finally {
    forward.dispose();
  }
}

/** Seconds of the fastest of a few calls, after one that traces. */
async function fastest(task: () => Promise<void>): Promise<number> {
  await task();
  let least = Infinity;
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await task();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}
