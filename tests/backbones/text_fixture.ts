import { cloneParams, type Params, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import type { PartReader } from "../../lib/backbones/mod.ts";
import { readSafetensors } from "../../lib/weights/mod.ts";
import { goldenPath } from "../support.ts";

/** A tiny text encoder of the goldens. */
export interface TextFixture {
  /** Its configuration as published. */
  readonly json: Record<string, unknown>;
  readonly params: Params;
  /** Gives parts of `params`. */
  readonly read: PartReader;
  readonly ids: readonly number[][];
  /** Outputs by name. */
  readonly golden: Params;
}

/** Runs a test on a tiny text encoder and frees everything that is the fixture's. */
export async function withText(
  name: "t5_tiny" | "clip_tiny" | "clip_g_tiny",
  fn: (fixture: TextFixture) => void | Promise<void>,
): Promise<void> {
  using scope = tensorScope();
  const read = async (file: string) =>
    scope.own((await readSafetensors(goldenPath(`textenc/${file}.safetensors`))).tensors);
  const params = await read(name), golden = await read(`${name}_io`);
  await fn({
    json: textConfig(name),
    params,
    read: (prefix) => {
      const part = Object.entries(params).filter(([name]) => name.startsWith(prefix));
      return Promise.resolve(cloneParams(Object.fromEntries(part)));
    },
    ids: golden["in.input_ids"].arraySync() as number[][],
    golden,
  });
}

/** The published configuration of a tiny text encoder. */
export function textConfig(name: string): Record<string, unknown> {
  const json = JSON.parse(Deno.readTextFileSync(goldenPath(`textenc/${name}_config.json`)));
  // transformers writes the architecture beside the fields that the fixture has.
  return name === "clip_g_tiny" ? { ...json, architectures: ["CLIPTextModelWithProjection"] } : json;
}

/** The first text of a batch. */
export function firstRow(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.slice(x, 0, 1));
}
