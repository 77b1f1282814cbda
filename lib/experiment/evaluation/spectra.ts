import type { RadialPsd } from "../../sobolev/mod.ts";
import { meanSpectrum, type SetSpectrum, type SpectralMetric } from "../../metrics/mod.ts";
import { quantile } from "../statistics/bootstrap.ts";
import { resampling } from "../statistics/resampling.ts";
import type { EvaluatedSpectrum, EvaluationSummary } from "./evaluation.ts";

/** Power spectra of a result and its truth. */
export interface PairSpectra {
  readonly sr: RadialPsd;
  readonly hr: RadialPsd;
}

/** Draws of the bootstrap: each averages the spectra of all images anew. */
const DRAWS = 1000;

/**
 * Measures metrics of mean spectra over the pairs of a folder: one value, and a 95 % percentile interval of a bootstrap over
 * the pairs.
 *
 * @param pairs All with the same shorter side.
 */
export function summariseSpectra(
  metrics: readonly SpectralMetric[],
  pairs: readonly PairSpectra[],
): Record<string, EvaluationSummary> {
  const count = pairs.length;
  if (count === 0) return record(metrics, () => ({ mean: null, low: null, high: null, count, infinite: 0 }));
  const ours = meanSpectrum(pairs.map(({ sr }) => sr)), theirs = meanSpectrum(pairs.map(({ hr }) => hr));
  const drawn = count === 1 ? null : bootstrap(metrics, pairs, ours, theirs);
  return record(metrics, (metric, m) => ({
    mean: stored(metric.ofSpectra(ours, theirs)),
    low: drawn && stored(quantile(drawn[m], 0.025)),
    high: drawn && stored(quantile(drawn[m], 0.975)),
    count,
    infinite: 0,
  }));
}

/** The mean spectrum as results keep it; null where there is none. */
export function storedSpectrum(spectra: readonly RadialPsd[]): EvaluatedSpectrum | null {
  if (!oneSize(spectra)) return null;
  const { frequency, power } = meanSpectrum(spectra);
  return { frequency, power };
}

/** Tells whether spectra can be averaged: there are some, of images with the same shorter side. */
export function oneSize(spectra: readonly RadialPsd[]): boolean {
  return new Set(spectra.map(({ power }) => power.length)).size === 1;
}

/** Sorted values of every metric over the draws. `[metrics][draws]` */
function bootstrap(
  metrics: readonly SpectralMetric[],
  pairs: readonly PairSpectra[],
  ours: SetSpectrum,
  theirs: SetSpectrum,
): Float64Array[] {
  const { draws, imageIndices } = resampling(1, pairs.length, { draws: DRAWS });
  const held = Array.from(pairs[0].sr.frequency.keys()).filter((bin) => pairs.every(({ sr }) => sr.count[bin] > 0));
  const rows = ([(pair) => pair.sr, (pair) => pair.hr] as ((pair: PairSpectra) => RadialPsd)[]).map((side) =>
    pairs.map((pair) => Float64Array.from(held, (bin) => side(pair).power[bin] / pairs.length))
  );
  const drawn = metrics.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    const [a, b] = rows.map((powers) => {
      const power: number[] = new Array(held.length).fill(0);
      for (let i = 0; i < pairs.length; i++) {
        const row = powers[imageIndices[draw * pairs.length + i]];
        for (let bin = 0; bin < row.length; bin++) power[bin] += row[bin];
      }
      return power;
    });
    metrics.forEach((metric, m) => {
      drawn[m][draw] = metric.ofSpectra({ ...ours, power: a }, { ...theirs, power: b });
    });
  }
  return drawn.map((values) => values.sort());
}

function record<T>(metrics: readonly SpectralMetric[], value: (metric: SpectralMetric, index: number) => T) {
  return Object.fromEntries(metrics.map((metric, i): [string, T] => [metric.name, value(metric, i)]));
}

function stored(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
