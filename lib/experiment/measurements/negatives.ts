import { join } from "node:path";
import { coupledNegative } from "../../adversary/mod.ts";
import { disposeParams, tensorScope, uploadParams } from "../../core/mod.ts";
import { batchOf, type PairSet } from "../../dataset/mod.ts";
import { tf } from "../../engine/mod.ts";
import { drawNoise, linearPath } from "../../flow/mod.ts";
import { composeGrid, createRaster, quantise8, type Raster, tensorToRasters, writePng } from "../../image/mod.ts";
import { prepareSet, setSpectrum } from "../../metrics/mod.ts";
import type { RunEvent } from "../events.ts";
import { setToRasters } from "../rasters.ts";
import { sourcesOf } from "../sources.ts";
import { adversaryStage, artifactTargets } from "../stages/adversary.ts";
import { joinArtifacts } from "../stages/artifact_output.ts";
import { artifactStage } from "../stages/artifacts.ts";
import type { RunContext } from "../stages/context.ts";
import { restorerStage } from "../stages/restorer.ts";
import { sftStage } from "../stages/sft.ts";
import type { Measurement } from "./measure.ts";

/** Training crops that are shown and measured, and the time at which the adversary acts on them. */
const CROPS = 32, SHOWN = 4, TIME = 0.3;

/** Draws Fig. 4 of the first seed: artifacts, what the adversary makes of the truth, and the spectra of both. */
export async function* measureNegatives(context: RunContext, folder: string): AsyncGenerator<RunEvent, Measurement> {
  const { settings, train, store } = context, seed = settings.seeds[0];
  const { trained: names } = sourcesOf(settings);
  store.progress.count = 4;
  const reference = yield* sftStage(context, seed);
  const restorer = yield* restorerStage(context);
  const artifacts = yield* artifactStage(context, seed, names, reference, restorer);
  const targets = artifactTargets(context, seed, joinArtifacts(train, artifacts, [], null));
  const adversary = yield* adversaryStage(context, seed, settings.lora.rank, reference, targets);
  const count = Math.min(CROPS, train.count);
  const truth = setToRasters(train, "hr").slice(0, count), low = setToRasters(train, "condition").slice(0, count);
  const sets = new Map<string, readonly Raster[]>([
    ["Bicubic", low],
    ...artifacts.value.map(({ name, pixels }) => [name, toRasters(pixels, train.size, count)] as const),
    ["Adversary", adversarySamples(context, seed, count, reference.value.params, adversary.value)],
    ["Truth", truth],
  ]);
  const columns = [...sets.keys()];
  const rows = truth.slice(0, SHOWN).map((_, i) => [...sets.values()].map((images) => images[i]));
  const file = join("strips", "negatives.png");
  await writePng(
    join(folder, file),
    await composeGrid(rows, { labels: { columns }, zoom: Math.ceil(128 / train.size) }),
  );
  const { frequency } = setSpectrum(prepareSet(truth));
  const spectra = [...sets].map(([name, images]) => ({ name, power: setSpectrum(prepareSet(images)).power }));
  const own = spectra.at(-1)!.power;
  const gap = (power: readonly number[], bin: number) => Number((10 * Math.log10(power[bin] / own[bin])).toFixed(2));
  return {
    tables: [{
      caption: `Mean radial power of ${count} training crops over the truth's, in dB; the adversary acts on the true ` +
        `image's state at t = ${TIME}.`,
      columns: ["cycles / pixel", ...columns.slice(0, -1)],
      rows: frequency.map((f, bin) => [
        Number(f.toFixed(4)),
        ...spectra.slice(0, -1).map(({ power }) => gap(power, bin)),
      ]),
    }],
    findings: [],
    pictures: [{ title: `Artifacts and the adversary's negatives, ${SHOWN} training crops`, file }],
  };
}

/** What the adversary makes of the true images' states (Eqs. 16-17). */
function adversarySamples(
  { backbone, train }: RunContext,
  seed: number,
  count: number,
  reference: Parameters<typeof uploadParams>[0],
  adversary: { readonly params: Parameters<typeof uploadParams>[0]; readonly rank: number; readonly alpha: number },
): Raster[] {
  using scope = tensorScope();
  const crops = Array.from({ length: count }, (_, i) => i);
  const base = uploadParams(reference), params = uploadParams(adversary.params);
  try {
    const { x1, c } = scope.own(batchOf(train, crops));
    const x0 = scope.own(drawNoise(seed, "negatives-figure", 0, crops, [train.size, train.size, 3]));
    const t = scope.own(tf.fill([count], TIME) as tf.Tensor1D);
    const { xt } = scope.own({ ...linearPath(x0, x1, t) });
    const field = backbone.velocity(base, [{ ...adversary, params }]);
    const made = scope.own(tf.tidy(() => ({ ...coupledNegative(field, xt, x0, t, c) })));
    return tensorToRasters(made.x1).map(quantise8);
  } finally {
    disposeParams(base);
    disposeParams(params);
  }
}

function toRasters(pixels: PairSet["hr"], size: number, count: number): Raster[] {
  const values = size * size * 3;
  return Array.from({ length: count }, (_, i) => {
    const image = pixels.subarray(i * values, (i + 1) * values).map((x) => (x + 1) / 2);
    return quantise8(createRaster({ width: size, height: size }, 3, image));
  });
}
