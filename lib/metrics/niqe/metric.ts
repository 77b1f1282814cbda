import type { ImageMetric } from "../record.ts";
import { NIQE_BLOCK } from "./features.ts";
import { readNiqeModel } from "./model.ts";
import { niqe } from "./niqe.ts";

const FILE = "niqe_pris_params.json";

/** NIQE with the pristine model of a file. */
export const niqeMetric: ImageMetric = {
  name: "niqe",
  label: "NIQE",
  unit: "",
  range: [0, Infinity],
  better: "lower",
  digits: 3,
  leastSide: NIQE_BLOCK,
  source: "Mittal, Soundararajan and Bovik 2013",
  choices: ({ niqe: { space, border, halves } }) =>
    `NIQE on rounded Y of ${space === "ycbcr" ? "YCbCr" : "YIQ"}, ${
      halves === "even" ? "halves to even" : "halves as NumPy's product"
    }, ${border} px cropped`,
  level: "image",
  reference: "none",
  weights: [{
    file: FILE,
    origin:
      "NIQE's pristine model (LIVE; in BasicSR as niqe_pris_params.npz) as JSON: mu_pris_param, cov_pris_param; " +
      "or one of your own by --fit-niqe",
  }],
  open: async (protocol, files) => {
    const model = await readNiqeModel(files[FILE]);
    return {
      measure: (sr) => Promise.resolve(niqe(sr, model, protocol)),
      ...model.source === files[FILE] ? {} : { parameters: model.source },
      [Symbol.dispose]: () => {},
    };
  },
};
