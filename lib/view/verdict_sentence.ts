import type { Results } from "../experiment/mod.ts";
import { countVerdicts } from "./tables/direction_table.ts";

/** Say in a sentence how many of the paper's orderings appear. */
export function verdictSentence({ directions, seeds }: Pick<Results, "directions" | "seeds">): string {
  if (directions.length === 0) return "This run holds none of the orderings that the paper claims.";
  const { reproduced, contradicted, "not resolved": open } = countVerdicts(directions);
  const caveat = seeds.length === 1
    ? " With one seed, intervals speak of these test images alone: another seed may order the arms otherwise."
    : "";
  return `Of ${reproduced + open + contradicted} orderings that the paper claims, ${reproduced} ${
    plural(reproduced)
  } reproduced, ` +
    `${open} not resolved and ${contradicted} contradicted; second readings of a row are not counted.${caveat}`;
}

function plural(count: number): string {
  return count === 1 ? "is" : "are";
}
