/**
 * Trains one step of every stage on FLUX at its full width of 3072 with one double and one single block of random
 * bfloat16 weights, each stage in a process of its own, and prints the peak memory.
 *
 *     deno run -A tests/training/programs/full_width.ts [SIZE]
 *
 * SIZE: side of the crops; the tiny autoencoder of the tests stands in, so 256 gives the tokens of 512 pixels.
 */
import { join } from "node:path";
import { writeTinyCheckpoint } from "../../../lib/cli/table6/checkpoints.ts";
import { encodeTensors, peakMemory, rng, writeAtomic, writeJson } from "../../../lib/core/mod.ts";
import { proceduralImage } from "../../../lib/dataset/mod.ts";
import { startEngine } from "../../../lib/engine/mod.ts";
import { resolveTrainSettings, trainModel, type TrainStage, trainStages } from "../../../lib/experiment/mod.ts";
import { writePng } from "../../../lib/image/mod.ts";
import { fullWidth, writeRandomCheckpoint } from "../../backbones/programs/random_checkpoint.ts";
import { runProgram } from "../../engine/programs/program.ts";

/** What a stage took. */
export interface StagePeak {
  readonly stage: TrainStage;
  readonly bytes: number;
  readonly loss: number;
  /** What was said before anything was loaded. */
  readonly estimate: string;
}

/** Trains all stages in children; the last line each prints is its peak. */
export async function measureFullWidth(folder: string, size: number): Promise<StagePeak[]> {
  const config = fullWidth(1, 1), checkpoint = join(folder, "checkpoint"), photos = join(folder, "photos");
  await writeTinyCheckpoint("flux", checkpoint);
  const transformer = join(checkpoint, "transformer");
  await Deno.remove(transformer, { recursive: true });
  await writeRandomCheckpoint(transformer, config);
  await writeJson(join(transformer, "config.json"), {
    in_channels: config.inChannels,
    num_attention_heads: config.heads,
    attention_head_dim: config.headWidth,
    num_layers: config.doubleBlocks,
    num_single_layers: config.singleBlocks,
    joint_attention_dim: config.contextWidth,
    pooled_projection_dim: config.pooledWidth,
    guidance_embeds: config.guidance,
    axes_dims_rope: config.axesWidths,
    patch_size: 1,
  });
  const random = rng(0, "prompt");
  await writeAtomic(
    join(checkpoint, "empty_prompt.safetensors"),
    encodeTensors({
      prompt_embeds: { shape: [1, 512, config.contextWidth], data: random.normals(512 * config.contextWidth) },
      pooled: { shape: [1, config.pooledWidth], data: random.normals(config.pooledWidth) },
    }, { network: "flux" }),
  );
  for (let i = 0; i < 2; i++) {
    await writePng(join(photos, `${i}.png`), proceduralImage(1, i, { width: size, height: size }));
  }
  const peaks: StagePeak[] = [];
  for (const stage of trainStages) {
    const args = [stage, folder, String(size)];
    const { stdout, stderr, ending } = await runProgram("tests/training/programs/full_width.ts", args, {}, ["-A"]);
    if (ending !== "exit code 0") throw new Error(`${ending}: ${stderr}`);
    peaks.push(JSON.parse(stdout.split("\n").at(-1)!));
  }
  return peaks;
}

async function trainOne(stage: TrainStage, folder: string, size: number): Promise<StagePeak> {
  await startEngine({ engine: "cpu", threads: 2, install: false });
  const one = { steps: 1, batchSize: 1, accumulation: 1, warmup: 0 };
  const run = trainModel({
    settings: resolveTrainSettings({
      backbone: "flux",
      size,
      context: 64,
      crops: 1,
      degradation: "mild",
      sft: one,
      adversary: one,
      asdpo: one,
      strips: { crops: 1, steps: 1, count: 1 },
    }),
    checkpoint: join(folder, "checkpoint"),
    stages: [stage],
    data: [join(folder, "photos")],
    artifacts: { restorers: ["bicubic"], weights: "", share: 1 },
    out: join(folder, "out"),
    signal: new AbortController().signal,
  });
  let loss = NaN, estimate = "";
  for await (const event of run) {
    if (event.kind === "note" && event.text.startsWith("memory")) estimate = event.text;
    if (event.kind === "step" && "loss" in event.numbers) loss = event.numbers.loss;
  }
  return { stage, bytes: peakMemory(), loss, estimate };
}

if (import.meta.main) {
  const [first, folder, size] = Deno.args;
  if (folder !== undefined) console.log(JSON.stringify(await trainOne(first as TrainStage, folder, Number(size))));
  else {
    const made = await Deno.makeTempDir({ prefix: "asasr-width-" });
    try {
      for (const { stage, bytes, loss, estimate } of await measureFullWidth(made, Number(first ?? 256))) {
        console.log(`${stage}: peak ${(bytes / 2 ** 30).toFixed(2)} GiB, loss ${loss.toFixed(6)}; ${estimate}`);
      }
    } finally {
      await Deno.remove(made, { recursive: true });
    }
  }
}
