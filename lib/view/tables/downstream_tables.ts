import type { DownstreamEntry, DownstreamResults } from "../../experiment/mod.ts";
import { formatFixed } from "../numbers.ts";
import { type Cell, cell, type Row, type Table } from "../table.ts";
import { paperDownstream, paperMethods } from "./paper_downstream.ts";

const UNSCORED = "–";

/**
 * Tabulate scores with the rows and columns of the paper's Table 2, in percent; methods that it has not come last. The best
 * method of a row is marked; the truth (GT) is none.
 *
 * @param options.paper Put the paper's own values below ours.
 */
export function downstreamTable({ entries }: DownstreamResults, options: { readonly paper?: boolean } = {}): Table {
  const scored = entries.filter(({ task }) => task !== "study");
  const known = new Set([...scored.map(({ method }) => canonical(method)), ...options.paper ? paperMethods : []]);
  const methods = [...known].sort((a, b) => place(a) - place(b));
  const rows = paperDownstream.flatMap(({ heading, task, rows }): Row[] => {
    const own = new Map(scored.filter((entry) => entry.task === task).map((entry) => [canonical(entry.method), entry]));
    if (own.size === 0 && !options.paper) return [];
    return [
      { heading },
      ...rows.flatMap(({ label, score, values }) => [
        valueRow(`${label}\u00a0↑`, methods, (method) => own.get(method)?.scores[score] ?? null),
        ...options.paper
          ? [valueRow("  paper", methods, (method) => (values[place(method)] ?? null) && values[place(method)] / 100)]
          : [],
      ]),
    ];
  });
  return {
    caption: `Downstream tasks, in percent (columns and rows of Table 2)${
      methods.length > 1 ? "; marked: the best" : ""
    }.`,
    columns: [{ label: "", align: "left" }, ...methods.map((label) => ({ label, align: "right" as const }))],
    rows,
    notes: notesOf(scored),
  };
}

/**
 * Tabulate a user study: Top-k shares in percent and mean ranks (Eq. 47); null where there is none.
 *
 * @param options.paper Put what the paper prints of its own study below ours.
 */
export function studyTable(
  { entries }: DownstreamResults,
  options: { readonly paper?: boolean } = {},
): Table | null {
  const study = entries.filter(({ task }) => task === "study");
  if (study.length === 0) return null;
  const shares = Object.keys(study[0].scores).filter((name) => /^Top-\d+$/.test(name))
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
  return {
    caption: "User study: share of groups that rank a method k-th or better, in percent (Eq. 47).",
    columns: ["method", ...shares, "mean rank ↓"].map((label, i) => ({ label, align: i === 0 ? "left" : "right" })),
    rows: study.map(({ method, scores }) => [
      cell(method),
      ...shares.map((name) => withEnds(percent(scores[name]), scores, name, percent)),
      withEnds(formatFixed(scores["mean rank"], 2), scores, "mean rank", (value) => formatFixed(value, 2)),
    ]),
    notes: [...notesOf(study), ...options.paper ? [PAPER_STUDY] : []],
  };
}

const PAPER_STUDY = "The paper (Fig. 8; 50 people, 64 images, 7 methods): ASASR Top-1 91.10; it prints no other share.";

/** A score with its interval, where it has one. */
function withEnds(
  text: string,
  scores: DownstreamEntry["scores"],
  name: string,
  format: (value: number) => string,
): Cell {
  const low = scores[`${name} low`] ?? null, high = scores[`${name} high`] ?? null;
  return cell(text, low === null || high === null ? {} : { detail: `[${format(low)}, ${format(high)}]` });
}

function valueRow(label: string, methods: readonly string[], value: (method: string) => number | null): Cell[] {
  const values = methods.map(value);
  const rivals = values.filter((value, i) => value !== null && methods[i] !== "GT") as number[];
  const best = rivals.length > 1 ? Math.max(...rivals) : NaN;
  return [
    cell(label),
    ...values.map((value, i) => cell(percent(value), { bold: value === best && methods[i] !== "GT" })),
  ];
}

function notesOf(entries: readonly DownstreamEntry[]): string[] {
  const notes = entries.flatMap(({ task, method, notes }) => notes.map((note) => `${method}, ${task}: ${note}`));
  return [...new Set([...entries.map(({ protocol }) => protocol), ...notes])];
}

function percent(share: number | null): string {
  return share === null ? UNSCORED : formatFixed(100 * share, 2);
}

/** The paper's spelling of a method, where it has it. */
function canonical(method: string): string {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "").replace("supsr", "supir");
  return paperMethods.find((known) => plain(known) === plain(method)) ?? method;
}

/** Column among the paper's methods; after them, where it has none. */
function place(method: string): number {
  const index = paperMethods.indexOf(method as typeof paperMethods[number]);
  return index < 0 ? paperMethods.length : index;
}
