import type { DownstreamResults } from "../../experiment/mod.ts";
import { downstreamTable, studyTable } from "../tables/downstream_tables.ts";
import { tableText } from "./text_table.ts";

/** Write downstream scores for a terminal: Table 2, the user study, and what was left out. */
export function downstreamText(results: DownstreamResults, options: { readonly paper?: boolean } = {}): string {
  const table = downstreamTable(results, options), study = studyTable(results, options);
  const faults = results.entries.flatMap(({ method, faults }) =>
    faults.map(({ file, reason }) => `  ${method}, ${file}: ${reason}`)
  );
  return [
    ...table.rows.length === 0 ? [] : [tableText(table)],
    ...study === null ? [] : [tableText(study)],
    ...faults.length === 0 ? [] : [["Left out:", ...faults].join("\n")],
  ].join("\n\n");
}
