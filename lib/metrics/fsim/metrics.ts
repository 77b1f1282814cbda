import { pixelMetric } from "../pixel_metric.ts";
import type { PixelMetric } from "../record.ts";
import { fsim, FSIM_SIDE, fsimc } from "./fsim.ts";

const facts = {
  unit: "",
  range: [0, 1],
  better: "higher",
  digits: 4,
  leastSide: FSIM_SIDE,
  choices: () => "FSIM on unrounded Y of YIQ, shorter side pooled to about 256 px",
} as const;

/** Feature similarity, of luma and with colours. */
export const fsimMetrics: readonly PixelMetric[] = [
  pixelMetric({
    ...facts,
    name: "fsim",
    label: "FSIM",
    source: "Zhang, Zhang, Mou and Zhang 2011",
    measure: fsim,
  }),
  pixelMetric({
    ...facts,
    name: "fsimc",
    label: "FSIMc",
    source: "Zhang, Zhang, Mou and Zhang 2011, with colours",
    measure: fsimc,
  }),
];
