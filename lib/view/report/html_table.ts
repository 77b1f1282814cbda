import { escapeMarkup } from "../markup.ts";
import { type Cell, isHeading, type Table } from "../table.ts";

/** Write a table as HTML; long texts wrap, numbers do not. */
export function tableHtml({ caption, columns, rows, stacked, notes = [] }: Table): string {
  const head = columns.map(({ label, align, hint }) =>
    `<th class="${align}"${hintAttribute(hint)} scope="col">${escapeMarkup(label)}</th>`
  );
  const body = rows.map((row) =>
    isHeading(row)
      ? `<tr class="group"><td colspan="${columns.length}">${escapeMarkup(row.heading)}</td></tr>`
      : `<tr>${row.map((cell, i) => cellHtml(cell, columns[i].align)).join("")}</tr>`
  );
  const below = notes.map((note) => `<p class="tablenotes">${escapeMarkup(note)}</p>`);
  return `<div class="scroll"><table${stacked ? ' class="stacked"' : ""}><caption>${
    escapeMarkup(caption)
  }</caption><thead><tr>${head.join("")}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table></div>${below.join("")}`;
}

function cellHtml({ text, detail, bold, tone, hint, link }: Cell, align: "left" | "right"): string {
  const classes = [align, ...(tone && tone !== "plain" ? [tone] : []), ...(bold ? ["strong"] : [])];
  if (align === "left" && text.length > 48) classes.push("wrap");
  const small = detail ? ` <small>${escapeMarkup(detail)}</small>` : "";
  const shown = link ? `<a href="${escapeMarkup(link)}">${escapeMarkup(text)}</a>` : escapeMarkup(text);
  return `<td class="${classes.join(" ")}"${hintAttribute(hint)}>${shown}${small}</td>`;
}

function hintAttribute(hint?: string): string {
  return hint ? ` title="${escapeMarkup(hint)}"` : "";
}
