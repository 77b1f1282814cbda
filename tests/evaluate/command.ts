import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { FolderEvaluation } from "asasr/experiment/mod.ts";
import { runScript } from "../core/script.ts";

const script = join(import.meta.dirname!, "../../lib/cli/evaluate.ts");

/** Runs `deno task evaluate` in a folder. */
export function evaluate(folder: string, ...args: string[]): ReturnType<typeof runScript> {
  return runScript(script, folder, args);
}

/** What it wrote. */
export async function result(folder: string): Promise<FolderEvaluation> {
  return JSON.parse(await Deno.readTextFile(join(folder, "evaluation/evaluation.json")));
}

/** A picture of smooth waves, `strength` levels of deterministic noise on top. */
export function picture(seed: number, width: number, height: number, strength: number): Sharp {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    const noise = Math.sin(i * 12.9898 + seed) * 43758.5453;
    return 128 + 60 * Math.sin(x / (5 + seed)) * Math.cos(y / (7 + i % 3)) +
      strength * (noise - Math.floor(noise) - 0.5);
  });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Three folders of four images: truths, results, worse results. */
export async function folders(folder: string): Promise<void> {
  for (const name of ["sr", "other", "hr"]) await Deno.mkdir(join(folder, name));
  for (let i = 0; i < 4; i++) {
    for (const [name, strength] of [["hr", 0], ["sr", 10 + i], ["other", 40 - i]] as const) {
      await picture(i, 48, 40, strength).png().toFile(join(folder, name, `${i}.png`));
    }
  }
}
