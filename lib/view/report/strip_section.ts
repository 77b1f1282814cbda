import type { StripPanes } from "../../experiment/mod.ts";
import { escapeMarkup } from "../markup.ts";

/** A strip of images, as the bytes of a PNG file. */
export interface EmbeddedStrip {
  /** Name of the crop. */
  readonly title: string;
  /** The file. */
  readonly png: Uint8Array;
  /** Where its images stand, where that is known. */
  readonly panes?: StripPanes;
}

/** Ids of the strips of a page, by crop. */
export function stripIds(strips: readonly EmbeddedStrip[], prefix: string): Map<string, string> {
  return new Map(strips.map(({ title }, i) => [title, `${prefix}strip-${i}`]));
}

/**
 * Write the strips, each pixel as it is (the page scrolls sideways where a strip is wide), and above them a slider between any
 * two images of a strip, which needs scripts.
 *
 * @param prefix Of the ids on a page of several runs.
 * @param shown Name of the image that the slider has on its right at first; by default the one before the truth.
 */
export function stripSection(strips: readonly EmbeddedStrip[], prefix = "", shown?: string): string {
  const ids = stripIds(strips, prefix);
  return slider(strips, ids, shown) +
    strips.map(({ title, png }) =>
      `<figure class="strip" id="${escapeMarkup(ids.get(title)!)}"><div><img alt="Results for ${
        escapeMarkup(title)
      }" src="data:image/png;base64,${png.toBase64()}">` +
      `</div><figcaption>${escapeMarkup(title)}</figcaption></figure>`
    ).join("");
}

/** Two images of a strip over each other, with a boundary that can be moved. */
function slider(strips: readonly EmbeddedStrip[], ids: ReadonlyMap<string, string>, shown?: string): string {
  const placed = strips.flatMap(({ title, panes }) => panes ? [{ title, id: ids.get(title)!, panes }] : []);
  if (placed.length === 0) return "";
  const { names } = placed[0].panes, named = shown === undefined ? -1 : names.indexOf(shown);
  const choice = (label: string, options: readonly string[], chosen: number) =>
    `<label>${label} <select>${
      options.map((text, i) => `<option${i === chosen ? " selected" : ""}>${escapeMarkup(text)}</option>`).join("")
    }</select></label>`;
  return `<div class="slider" data-slider="${
    escapeMarkup(JSON.stringify(placed.map(({ id, panes }) => ({ id, panes }))))
  }">` +
    `<p>${choice("Image", placed.map(({ title }) => title), 0)} ${
      choice("Left", names, Math.min(1, names.length - 1))
    } ` +
    `${
      choice("Right", names, named >= 0 ? named : Math.max(0, names.length - 2))
    }</p><div class="pair"><canvas></canvas><canvas></canvas></div>` +
    `<input type="range" min="0" max="100" value="50" aria-label="Boundary between left and right"></div>`;
}
