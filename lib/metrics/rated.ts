import { type ImageMetric, metrics } from "./catalogue.ts";
import { NIQE_BLOCK } from "./niqe/features.ts";
import { readNiqeModel } from "./niqe/model.ts";
import { niqe } from "./niqe/niqe.ts";
import type { RatedMetric } from "./record.ts";

/** Metrics of image files, those of the experiments first. */
export const ratedMetrics: readonly RatedMetric[] = [
  ...metrics.filter((metric): metric is ImageMetric => metric.level === "image").map(fromPixels),
  {
    name: "niqe",
    label: "NIQE",
    unit: "",
    range: [0, Infinity],
    better: "lower",
    digits: 3,
    leastSide: NIQE_BLOCK,
    source: "Mittal, Soundararajan and Bovik 2013",
    level: "image",
    reference: "none",
    weights: [{
      file: "niqe_pris_params.json",
      variable: "ASASR_NIQE",
      origin:
        "NIQE's pristine model (LIVE; in BasicSR as niqe_pris_params.npz) as JSON: mu_pris_param, cov_pris_param; " +
        "or one of your own by --fit-niqe",
    }],
    open: async (protocol, files) => {
      const model = await readNiqeModel(files["niqe_pris_params.json"]);
      return { measure: (sr) => Promise.resolve(niqe(sr, model, protocol)), [Symbol.dispose]: () => {} };
    },
  },
];

/** A metric that needs nothing but pixels. */
function fromPixels({ measure, ...record }: ImageMetric): RatedMetric {
  return {
    ...record,
    reference: "full",
    open: (protocol) =>
      Promise.resolve({
        measure: (sr, hr) => Promise.resolve(hr === null ? NaN : measure(sr, hr, protocol)),
        [Symbol.dispose]: () => {},
      }),
  };
}
