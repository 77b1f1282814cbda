import type { Results } from "../../experiment/mod.ts";
import { escapeMarkup } from "../markup.ts";
import { countVerdicts } from "../tables/direction_table.ts";
import { frontierSentences } from "../frontier_sentences.ts";
import { verdictSentence } from "../verdict_sentence.ts";

/** Write what the run found: verdicts on the paper's orderings and the place of the arms at equal realism. */
export function summarySection(results: Results): string {
  const counts = countVerdicts(results.directions);
  const cards = ([["reproduced", "good"], ["not resolved", ""], ["contradicted", "bad"]] as const)
    .map(([verdict, tone]) => `<div class="card ${tone}"><b>${counts[verdict]}</b>${verdict}</div>`);
  const caution = results.preset === "smoke"
    ? `<p class="note">This is the smoke preset: it shows that everything works, in minutes. Its models are hardly trained, so ` +
      `its numbers say nothing about the paper.</p>`
    : "";
  const sentences = [verdictSentence(results), ...frontierSentences(results)];
  return caution + (results.directions.length > 0 ? `<div class="cards">${cards.join("")}</div>` : "") +
    sentences.map((sentence) => `<p>${escapeMarkup(sentence)}</p>`).join("");
}
