import type { tf } from "../../engine/mod.ts";
import { disposeParams, type Params, RefusedError } from "../../core/mod.ts";
import { type Raster, toRgb } from "../../image/mod.ts";
import type { LoadedMetric, NetworkMetric } from "./record.ts";
import { availability, missingWeights } from "./weights.ts";

/** A network ready to measure. */
export interface OpenNetwork {
  /** Its weights; freed with the metric. */
  readonly params: Params;
  /** Score of RGB images whose sizes fit. The truth is there where the metric needs one. */
  readonly score: (sr: Raster, hr: Raster) => Promise<number>;
}

/**
 * Make a metric of a network: its files are looked for before it is opened, images are checked before they are scored.
 *
 * @param facts All but `load`.
 * @param open Reads the weights from a folder that holds all files.
 */
export function networkMetric(
  facts: Omit<NetworkMetric, "load">,
  open: (folder: string) => Promise<OpenNetwork>,
): NetworkMetric {
  return {
    ...facts,
    async load(folder): Promise<LoadedMetric> {
      if (missingWeights(facts, folder).length > 0) {
        throw new RefusedError(
          `Cannot load ${facts.label} as its weights must be in ${folder}: ${availability(facts, folder)}`,
        );
      }
      const { params, score } = await open(folder);
      return {
        async measure(sr, hr): Promise<number> {
          checkImages(facts, sr, hr);
          return await score(toRgb(sr), toRgb(hr ?? sr));
        },
        dispose: () => disposeParams(params),
      };
    },
  };
}

function checkImages(facts: Omit<NetworkMetric, "load">, sr: Raster, hr: Raster | undefined): void {
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
