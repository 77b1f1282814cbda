import type { Results, Spectrum } from "../../experiment/mod.ts";
import { type Figure, figure } from "../figure.ts";
import { ink } from "../palette.ts";
import { appearances } from "./appearance.ts";

/**
 * Plot the radially averaged power spectra of the truth, the reference and the arms (Fig. 3).
 *
 * @returns Undefined where the run has none.
 */
export function spectraFigure(results: Results): Figure | undefined {
  if (results.spectra.length === 0) return undefined;
  const look = appearances(results);
  return figure({
    title: "Power spectra (Fig. 3)",
    caption: "Power over radial frequency, mean over test crops and seeds; luma, Hann window.",
    x: { label: "Frequency (cycles per pixel)", scale: "log" },
    y: { label: "Power", scale: "log", range: rangeOf(results.spectra.map(({ power }) => power), results, true) },
    marks: results.spectra.map(({ id, label, frequency, power }) => ({
      kind: "line",
      label,
      x: frequency,
      y: power,
      colour: look(id).colour,
      dash: look(id).dash,
      width: id === "truth" ? 3 : 1.8,
    })),
    height: 440,
  });
}

/**
 * Plot how far the spectra lie above or below that of the truth, in decibel (the paper's "relative to the natural data
 * set").
 *
 * @returns Undefined where the run has no spectrum of the truth.
 */
export function spectralGapFigure(results: Results): Figure | undefined {
  const truth = results.spectra.find(({ id }) => id === "truth");
  if (!truth) return undefined;
  const look = appearances(results);
  return figure({
    title: "Spectra relative to the truth",
    caption: "0 dB is right; below it, detail is missing; above it, there is too much.",
    x: { label: "Frequency (cycles per pixel)" },
    y: {
      label: "Power relative to the truth (dB)",
      range: rangeOf(results.spectra.map((spectrum) => gaps(spectrum, truth)), results, false),
    },
    marks: [
      { kind: "rule", axis: "y", at: 0, label: "Truth", colour: ink.text },
      ...results.spectra.filter(({ id }) => id !== "truth").map((spectrum) => ({
        kind: "line" as const,
        label: spectrum.label,
        x: spectrum.frequency,
        y: gaps(spectrum, truth),
        colour: look(spectrum.id).colour,
        dash: look(spectrum.id).dash,
        width: 1.8,
      })),
    ],
    height: 440,
  });
}

function gaps(spectrum: Spectrum, truth: Spectrum): number[] {
  return spectrum.power.map((power, bin) => 10 * Math.log10(power / truth.power[bin]));
}

/** The range of all curves but bicubic, whose missing frequencies would press the others together. */
function rangeOf(
  curves: readonly (readonly number[])[],
  { spectra }: Results,
  log: boolean,
): [number, number] | undefined {
  const values = curves.filter((_, i) => spectra[i].id !== "bicubic").flat().filter((v) =>
    Number.isFinite(v) && (!log || v > 0)
  );
  const low = Math.min(...values), high = Math.max(...values);
  if (!(high > low)) return undefined;
  return log ? [low / 1.4, high * 1.4] : [low - 0.15 * (high - low), high + 0.15 * (high - low)];
}
