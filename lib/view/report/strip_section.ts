import { escapeMarkup } from "../markup.ts";

/** A strip of images, as the bytes of a PNG file. */
export interface EmbeddedStrip {
  /** Name of the crop. */
  readonly title: string;
  /** The file. */
  readonly png: Uint8Array;
}

/** Write the strips, each pixel as it is: the page scrolls sideways where a strip is wide. */
export function stripSection(strips: readonly EmbeddedStrip[]): string {
  return strips.map(({ title, png }) =>
    `<figure class="strip"><div><img alt="Results for ${
      escapeMarkup(title)
    }" src="data:image/png;base64,${png.toBase64()}">` +
    `</div><figcaption>${escapeMarkup(title)}</figcaption></figure>`
  ).join("");
}
