import type { FolderEvaluation } from "../../experiment/mod.ts";
import { evaluationTable, folderComparisonTable, rankAgreementTables } from "../tables/evaluation_tables.ts";
import { tableText } from "./text_table.ts";

/** Write an evaluation of folders for a terminal: values, comparisons, rank agreement, what is missing and why. */
export function evaluationText(evaluation: FolderEvaluation): string {
  const { comparisons, metrics, gaps, missing, notes, faults } = evaluation;
  const lines = (heading: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [[heading, ...texts.map((text) => `  ${text}`)].join("\n")];
  return [
    tableText(evaluationTable(evaluation)),
    ...(comparisons.length === 0 ? [] : [tableText(folderComparisonTable(evaluation))]),
    ...rankAgreementTables(evaluation).map(tableText),
    ...lines(
      "Metrics left out:",
      [
        ...metrics.flatMap(({ name, unavailable }) => unavailable === null ? [] : [`${name}: ${unavailable}`]),
        ...gaps.map(({ name, reason }) => `${name}: ${reason}`),
      ],
    ),
    ...lines(
      "Files for the folder of --weights (data/README.md says how they are made):",
      missing.map(({ file, origin }) => `${file}: ${origin}`),
    ),
    ...lines("Converted on reading:", notes),
    ...lines(
      "Left out:",
      faults.map(({ file, metric, reason }) => `${file}${metric === undefined ? "" : `, ${metric}`}: ${reason}`),
    ),
  ].join("\n\n");
}
