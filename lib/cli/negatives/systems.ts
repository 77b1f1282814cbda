import { publishedSystems } from "../../restorers/mod.ts";

/** What each system of the paper needs, one block each, for the terminal. */
export function systemsText(): string {
  const blocks = Object.entries(publishedSystems).map(([name, system]) => {
    const lines = [
      ["repository", `github.com/${system.repository}`],
      ["licence", system.licence ?? "not found: see there"],
      ["needs", system.needs],
      ["command", system.command],
      ["outputs", ["NAME.png", ...system.suffixes.map((suffix) => `NAME${suffix}.png`)].join(" or ")],
      ["checked", system.checked],
    ];
    return [`${name}: ${system.title}`, ...lines.map(([label, text]) => `  ${label.padEnd(10)}  ${text}`)].join("\n");
  });
  const note =
    "None of them was run here; what was not read in a repository stands under `checked`. IN is the folder " +
    "of `--export`, OUT goes to `--outputs NAME=OUT`; any image format will do.";
  return [...blocks, note].join("\n\n");
}
