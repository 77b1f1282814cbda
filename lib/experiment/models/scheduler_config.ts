import { join } from "node:path";
import { z } from "zod";
import { DataError, readJson } from "../../core/mod.ts";
import type { FluxConfig } from "../../backbones/mod.ts";
import { diffusionGrid, flowMatchGrid, fluxShift } from "../../flow/mod.ts";
import type { ModelParts } from "./parts.ts";

const flow = z.object({
  _class_name: z.literal("FlowMatchEulerDiscreteScheduler"),
  use_dynamic_shifting: z.boolean().default(false),
  shift: z.number().positive().default(1),
  base_image_seq_len: z.number().default(256),
  max_image_seq_len: z.number().default(4096),
  base_shift: z.number().default(0.5),
  max_shift: z.number().default(1.15),
});

// What distinguishes one sampler from another is not read: the times alone are the checkpoint's.
const diffusion = z.object({
  beta_start: z.literal(0.00085),
  beta_end: z.literal(0.012),
  beta_schedule: z.literal("scaled_linear"),
  num_train_timesteps: z.literal(1000).default(1000),
  steps_offset: z.int().min(0).default(1),
  prediction_type: z.literal("epsilon").default("epsilon"),
});

/**
 * Read how a FLUX checkpoint places its steps: FLUX.1-dev shifts them with the number of tokens, schnell, which takes no
 * guidance, not at all.
 *
 * @param parts Its folder has `scheduler/scheduler_config.json`; the original layout has none, and is one of the two.
 * @returns Times of so many steps for so many image tokens.
 * @throws {InputOutputError} If the file is missing.
 * @throws {DataError} If it describes another scheduler.
 */
export async function fluxTimes(
  { folder, scheduler, network }: ModelParts<FluxConfig>,
): Promise<(steps: number, tokens: number) => number[]> {
  const published = { _class_name: "FlowMatchEulerDiscreteScheduler", use_dynamic_shifting: network.config.guidance };
  const config = scheduler ? await readConfig(folder, flow) : flow.parse(published);
  // As FLUX's pipelines, which hand the scheduler even levels from 1 to 1 / steps, also where its shift is a constant.
  if (!config.use_dynamic_shifting) return (steps) => flowMatchGrid(steps, { mu: Math.log(config.shift) });
  const dynamic = {
    baseTokens: config.base_image_seq_len,
    maxTokens: config.max_image_seq_len,
    baseShift: config.base_shift,
    maxShift: config.max_shift,
  };
  return (steps, tokens) => flowMatchGrid(steps, { mu: fluxShift(tokens, dynamic) });
}

/**
 * Read how an SD1.5 or SDXL checkpoint places its steps; its noise schedule must be the one of both.
 *
 * @param checkpoint Folder with `scheduler/scheduler_config.json`.
 * @throws {InputOutputError} If the file is missing.
 * @throws {DataError} If it describes another schedule or a network that predicts something else than the noise.
 */
export async function diffusionTimes(checkpoint: string): Promise<(steps: number) => number[]> {
  const { steps_offset: offset } = await readConfig(checkpoint, diffusion);
  return (steps) => diffusionGrid(steps, offset);
}

async function readConfig<T>(checkpoint: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(checkpoint, "scheduler", "scheduler_config.json");
  const { success, data, error } = schema.safeParse(await readJson(path));
  if (success) return data;
  const { path: field, message } = error.issues[0];
  throw new DataError(`Cannot read scheduler config ${path} as ${field.join(".") || "it"} does not fit: ${message}`);
}
