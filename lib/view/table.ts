/** How a cell reads: better or worse than its control, beside the point, or plain. */
export type Tone = "good" | "bad" | "muted" | "plain";

/** One cell. */
export interface Cell {
  /** What stands in it. */
  readonly text: string;
  /** What stands smaller after the text: a spread or an interval. */
  readonly detail?: string;
  /** Marked. */
  readonly bold?: boolean;
  /** Plain by default. */
  readonly tone?: Tone;
  /** Shown when pointed at. */
  readonly hint?: string;
  /** A place of the page that the text leads to, such as `#strips`. */
  readonly link?: string;
}

/** One column. */
export interface Column {
  /** Heading. */
  readonly label: string;
  /** Numbers stand at the right. */
  readonly align: "left" | "right";
  /** Shown when pointed at. */
  readonly hint?: string;
}

/** A table as plain values: written to a terminal or into a page. */
export interface Table {
  /** What the table shows. */
  readonly caption: string;
  /** From left to right. */
  readonly columns: readonly Column[];
  /** From top to bottom. */
  readonly rows: readonly Row[];
  /** Put details below the texts, where they are long. */
  readonly stacked?: boolean;
  /** Lines below the table. */
  readonly notes?: readonly string[];
}

/** One row, or a heading that starts a group of rows. */
export type Row = readonly Cell[] | { readonly heading: string };

/** A plain cell. */
export function cell(text: string, style: Omit<Cell, "text"> = {}): Cell {
  return { text, ...style };
}

/** Whether a row is a heading. */
export function isHeading(row: Row): row is { readonly heading: string } {
  return "heading" in row;
}

/** A cell as one text. */
export function cellText({ text, detail }: Cell): string {
  return detail ? `${text} ${detail}` : text;
}
