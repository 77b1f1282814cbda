import type { tf } from "../../engine/mod.ts";
import { disposeParams, type Params } from "../../core/mod.ts";
import { type Raster, toRgb } from "../../image/mod.ts";
import type { ImageMetric } from "../record.ts";

/** What is told of a network; its memory is always stated. */
export type NetworkFacts =
  & Omit<ImageMetric, "level" | "open" | "memory">
  & Required<Pick<ImageMetric, "memory">>;

/** A network ready to measure. */
export interface OpenNetwork {
  /** Its weights; freed with the metric. */
  readonly params: Params;
  /** Score of RGB images whose sizes fit. The truth is there where the metric needs one. */
  readonly score: (sr: Raster, hr: Raster) => Promise<number>;
}

/**
 * Make a metric of a network: it sees whole images in RGB, rounded as the protocol says; they are checked before they
 * are scored.
 *
 * @param facts All but `open`.
 * @param open Reads the weights; gets the path of every file by its name.
 */
export function networkMetric(
  facts: NetworkFacts,
  open: (files: Readonly<Record<string, string>>) => Promise<OpenNetwork>,
): ImageMetric {
  return {
    choices: ({ quantise }) => `networks on whole RGB images${quantise ? "" : ", not rounded"}`,
    ...facts,
    level: "image",
    open: async (_protocol, files) => {
      const { params, score } = await open(files);
      return {
        measure: async (sr, hr) => {
          checkImages(facts, sr.image, hr?.image);
          return await score(toRgb(sr.image), toRgb((hr ?? sr).image));
        },
        [Symbol.dispose]: () => disposeParams(params),
      };
    },
  };
}

function checkImages(facts: NetworkFacts, sr: Raster, hr: Raster | undefined): void {
  const { label, leastSide, reference } = facts;
  const side = Math.min(sr.width, sr.height);
  if (side < leastSide) {
    throw new RangeError(`Cannot measure ${label} as sides must be at least ${leastSide} px: current value is ${side}`);
  }
  if (reference === "none") return;
  if (hr === undefined) throw new RangeError(`Cannot measure ${label} as a truth must be given: current value is none`);
  if (sr.width !== hr.width || sr.height !== hr.height) {
    throw new RangeError(
      `Cannot compare images as both need one size: current values are ${sr.width} x ${sr.height} and ` +
        `${hr.width} x ${hr.height}`,
    );
  }
}

/** Read the values of a tensor and free it. */
export async function takeValues(tensor: tf.Tensor): Promise<number[]> {
  try {
    return Array.from(await tensor.data());
  } finally {
    tensor.dispose();
  }
}
