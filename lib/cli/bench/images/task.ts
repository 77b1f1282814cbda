import type { Raster } from "../../../image/mod.ts";
import type { Contender, Tolerance } from "../measure.ts";
import type { PeerJob } from "../peer.ts";

/** Work on images that is measured. */
export type ImageTaskName = "degradation" | "metrics" | "realesrgan";

/** What a benchmark of image work measures. */
export interface ImageTask {
  /** What a row calls it, sizes included. */
  readonly title: string;
  /** How much of `unit` one turn does. */
  readonly amount: number;
  /** What times are given for. */
  readonly unit: "image" | "megapixel";
  /** Largest relative difference of a number between two that compute the same. */
  readonly tolerance: Tolerance;
  /** The same work for the peer. */
  readonly job: PeerJob;
  /** What the peer stands in for, and why, where it is not the published code itself. */
  readonly standsFor?: string;
  /** Ours. */
  readonly contenders: readonly Contender[];
}

/** Numbers that show what an image holds: mean, standard deviation and mean horizontal difference. */
export function imageNumbers({ width, channels, data }: Raster): { mean: number; deviation: number; gradient: number } {
  let sum = 0, squares = 0, steps = 0;
  const row = width * channels;
  for (let i = 0; i < data.length; i++) {
    sum += data[i];
    squares += data[i] * data[i];
    if (i % row >= channels) steps += Math.abs(data[i] - data[i - channels]);
  }
  const mean = sum / data.length;
  return {
    mean,
    deviation: Math.sqrt(squares / data.length - mean * mean),
    gradient: steps / (data.length * (width - 1) / width),
  };
}
