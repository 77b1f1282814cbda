import type { Results } from "../../experiment/mod.ts";
import { escapeMarkup } from "../markup.ts";

/** Write everything that is needed to get the same numbers again. */
export function provenanceSection(results: Results): string {
  const { environment: { engine, engineVersion, threads, deno, platform, commit, stageCommits = [] } } = results;
  const facts: readonly (readonly [string, string])[] = [
    ["Seeds", results.seeds.join(", ")],
    ["Protocol", results.protocol],
    ["Data", results.dataDescription],
    ["Test crops", String(results.testIds.length)],
    ["Engine", `${engine} ${engineVersion}, ${threads} threads`],
    ["Deno", `${deno} on ${platform}`],
    ["Commit", commit],
    ...(stageCommits.some((each) => each !== commit) ? [["Stages computed by", stageCommits.join(", ")] as const] : []),
    ["Settings", `sha256 ${results.settingsHash}`],
  ];
  const checkpoints = Object.entries(results.checkpoints).map(([name, hash]) => [name, hash] as const);
  return `<pre>${escapeMarkup(results.command)}</pre>${definitions(facts)}` +
    folded("Checkpoints (sha256)", definitions(checkpoints)) +
    folded("All settings", `<pre>${escapeMarkup(JSON.stringify(results.settings, null, 2))}</pre>`) +
    folded("Test crops", `<p>${results.testIds.map(escapeMarkup).join(", ")}</p>`) +
    (results.notes.length > 0 ? folded(`Notes of the run (${results.notes.length})`, bullets(results.notes)) : "");
}

/** Write sentences as a list. */
export function bullets(sentences: readonly string[]): string {
  return `<ul>${sentences.map((sentence) => `<li>${escapeMarkup(sentence)}</li>`).join("")}</ul>`;
}

/** Write names and what they stand for. */
export function definitions(pairs: readonly (readonly [string, string])[]): string {
  return `<dl>${
    pairs.map(([name, text]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(text)}</dd>`).join("")
  }</dl>`;
}

function folded(title: string, content: string): string {
  return `<details><summary>${escapeMarkup(title)}</summary>${content}</details>`;
}
