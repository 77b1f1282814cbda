import { tableHtml } from "../report/html_table.ts";
import type { Table } from "../table.ts";
import { tableText } from "../terminal/text_table.ts";
import { type Displayable, displayable } from "./displayable.ts";

/** Make a table that a notebook shows as it is. */
export function shownTable(table: Table): Table & Displayable {
  return displayable({ ...table }, () => ({ "text/html": tableHtml(table), "text/plain": tableText(table) }));
}
