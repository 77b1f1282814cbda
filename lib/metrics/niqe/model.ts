import { DataError, readJson, writeJson } from "../../core/mod.ts";
import type { Raster } from "../../image/mod.ts";
import { NIQE_FEATURES, niqeFeatures } from "./features.ts";
import { fitGaussian } from "./gaussian_fit.ts";
import type { NiqeModel } from "./niqe.ts";
import { type NiqeChoices, niqePlane } from "./niqe_plane.ts";

/** Blocks that are this much as sharp as the sharpest of their image are kept (Mittal et al. 2013). */
const SHARPNESS = 0.75;

/**
 * Fit NIQE's pristine model to images: of every image the blocks whose mean local deviation exceeds 0.75 of its largest,
 * and over all of them the mean and covariance of the features.
 *
 * Scores under a model of one's own compare with each other, not with published ones.
 *
 * @param images Sharp, clean images, each at least 96 px; they are taken one at a time.
 * @param options.choices Luma, its rounding and border; scores must be taken with the same.
 * @param options.source Said in every result.
 * @throws {DataError} If fewer than 72 blocks are kept: the covariance of 36 features would be singular or nearly so.
 * @throws {RangeError} If an image is too small.
 */
export async function fitNiqe(
  images: AsyncIterable<Raster> | Iterable<Raster>,
  options: { readonly choices: NiqeChoices; readonly source: string },
): Promise<NiqeModel> {
  const kept: number[] = [];
  for await (const image of images) {
    const { blocks, values, sharpness } = niqeFeatures(niqePlane(image, options.choices));
    const limit = SHARPNESS * sharpness.reduce((a, b) => Math.max(a, b), 0);
    for (let block = 0; block < blocks; block++) {
      const row = values.subarray(block * NIQE_FEATURES, (block + 1) * NIQE_FEATURES);
      if (sharpness[block] > limit && row.every((value) => !Number.isNaN(value))) kept.push(...row);
    }
  }
  const rows = kept.length / NIQE_FEATURES;
  if (rows < 2 * NIQE_FEATURES) {
    throw new DataError(
      `Cannot fit NIQE's model as at least ${2 * NIQE_FEATURES} sharp blocks are needed: current value is ${rows}`,
    );
  }
  return { ...fitGaussian(Float64Array.from(kept), NIQE_FEATURES), source: options.source };
}

/**
 * Read a pristine model: a JSON file with `mu_pris_param` (36 numbers) and `cov_pris_param` (36 x 36), the names of the
 * published parameters.
 *
 * @throws {DataError} If the file does not hold a model.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readNiqeModel(path: string): Promise<NiqeModel> {
  const found = await readJson(path);
  const record = typeof found === "object" && found !== null ? found as Record<string, unknown> : {};
  const mean = numbers(record.mu_pris_param), covariance = numbers(record.cov_pris_param);
  if (mean?.length !== NIQE_FEATURES || covariance?.length !== NIQE_FEATURES ** 2) {
    throw new DataError(
      `Cannot read ${path} as a NIQE model has mu_pris_param of 36 and cov_pris_param of 36 x 36 numbers: current ` +
        `value has ${Object.keys(record).join(", ") || "no fields"}`,
    );
  }
  return { mean, covariance, source: typeof record.source === "string" ? record.source : path };
}

/** Write a model so that {@link readNiqeModel} reads it. */
export async function writeNiqeModel(path: string, { mean, covariance, source }: NiqeModel): Promise<void> {
  const rows = Array.from(mean, (_, i) => Array.from(covariance.subarray(i * mean.length, (i + 1) * mean.length)));
  await writeJson(path, { mu_pris_param: Array.from(mean), cov_pris_param: rows, source });
}

function numbers(value: unknown): Float64Array | undefined {
  const flat = Array.isArray(value) ? value.flat() : [];
  return flat.length > 0 && flat.every(Number.isFinite) ? Float64Array.from(flat) : undefined;
}
