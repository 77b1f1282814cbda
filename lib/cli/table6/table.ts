import { join } from "node:path";
import { type Generator, table6 as config } from "../../../experiments/mod.ts";
import { TrainingError } from "../../core/mod.ts";
import type { RunEvent } from "../../experiment/mod.ts";
import { terminalProgress, textTable } from "../../view/mod.ts";
import { type LossRow, runGenerator } from "./run.ts";

/**
 * Trains the tiny generators through all stages and prints how every loss moved.
 *
 * @param out Folder of the trainings; interrupted ones go on there.
 * @throws {TrainingError} If a loss does not fall.
 */
export async function runTable6(generators: readonly Generator[], out: string, signal: AbortSignal): Promise<void> {
  const rows: LossRow[] = [];
  for (const generator of generators) {
    using progress = terminalProgress();
    const run = runGenerator(generator, join(out, generator), signal);
    let next = await run.next();
    for (; !next.done; next = await run.next()) progress.draw(named(generator, next.value));
    progress.end();
    rows.push(...next.value);
  }
  const cells = rows.map(({ generator, stage, first, last }) => [
    generator,
    stage,
    first.toPrecision(5),
    last.toPrecision(5),
    last < first ? "falls" : "does not fall",
  ]);
  console.log(textTable(["generator", "stage", "loss, first quarter", "last quarter", "loss"], cells));
  console.log(config.caveat);
  console.log(
    `${out}: adapters, curves and strips in NAME/training, tiny weights to try \`train\` on in NAME/checkpoint`,
  );
  const risen = rows.filter(({ first, last }) => !(last < first));
  if (risen.length > 0) {
    throw new TrainingError(
      `Cannot confirm table6 as every loss must fall: current value is ${
        risen.map(({ generator, stage }) => `${generator} ${stage}`).join(", ")
      }`,
    );
  }
}

/** An event whose label says of which generator it is. */
function named(generator: Generator, event: RunEvent): RunEvent {
  return "label" in event ? { ...event, label: `${generator}: ${event.label}` } : event;
}
