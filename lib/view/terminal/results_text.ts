import type { Results } from "../../experiment/mod.ts";
import { claimText } from "../claim_text.ts";
import { controlsOf, differenceTable } from "../tables/difference_table.ts";
import { directionTable } from "../tables/direction_table.ts";
import { metricsTable } from "../tables/metrics_table.ts";
import { offsetTable } from "../tables/offset_table.ts";
import { verdictSentence } from "../verdict_sentence.ts";
import { tableText } from "./text_table.ts";

/**
 * Write a finished run for a terminal of about 120 columns: the main metrics of every point, the differences from the
 * first control, the paper's orderings with their verdicts, the offsets at equal realism, and the protocol.
 */
export function resultsText(results: Results): string {
  const [control] = controlsOf(results);
  const caution = results.preset === "smoke"
    ? " At preset smoke models are hardly trained: none of it is about the paper."
    : "";
  const parts = [
    `${results.title}\n${claimText(results)}`,
    tableText(metricsTable(results, ["psnrDb", "ssim", "lsdDb", "hfRatio", "swd"])),
    ...(control === undefined ? [] : [tableText(differenceTable(results, control, ["psnrDb", "ssim", "swd"]))]),
    ...(results.directions.length === 0
      ? []
      : [`${tableText(directionTable(results))}\n${verdictSentence(results)}${caution}`]),
    ...(results.offsets.length === 0
      ? []
      : [tableText(offsetTable(results, "envelope", ["psnrDb at swd", "ssim at swd", "psnrDb at hfRatio"]))]),
    [`${results.dataDescription}`, results.protocol, `seeds ${results.seeds.join(", ")}`, results.command].join("\n"),
  ];
  return parts.join("\n\n");
}
