const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
// deno-lint-ignore no-control-regex -- the escape that starts a colour
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Columns that a text takes in a terminal: marks above letters take none, wide characters two, colours none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (
    const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text.replace(COLOURS, ""))
  ) {
    width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** Fill a text up to a width with spaces, at the side away from where it stands. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** Cut a text to a width, an ellipsis at its end. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = "";
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) {
    if (displayWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
