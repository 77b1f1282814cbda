import { join } from "node:path";
import { composeGrid, gridPlaces, writePng } from "../image/mod.ts";
import type { Arm } from "./arms.ts";
import { setToRasters } from "./rasters.ts";
import type { StripFile } from "./results.ts";
import type { SeedOutput } from "./seed.ts";
import type { RunContext } from "./stages/context.ts";

/** Pixels of a cell that leave room for its label. */
const LEAST_CELL = 128;
/** White pixels between cells. */
const GAP = 4;

/**
 * Writes one strip per shown crop of the first seed: LR, bicubic, SFT and arms, truth. Arms whose cells were taken up have
 * no pictures; with no picture at all there is no strip.
 */
export async function writeStrips(
  arms: Readonly<Record<string, Arm>>,
  context: RunContext,
  [first]: readonly SeedOutput[],
  folder: string,
): Promise<StripFile[]> {
  const { samples } = first;
  const ids = Object.keys(arms).filter((id) => id in samples);
  if (ids.length === 0) return [];
  const [lr, condition, hr] = (["lr", "condition", "hr"] as const).map((part) => setToRasters(context.test, part));
  const columns = ["LR", "Bicubic", ...ids.map((id) => arms[id].label), "Truth"];
  const strips: StripFile[] = [];
  for (let crop = 0; crop < samples[ids[0]].length; crop++) {
    const row = [lr[crop], condition[crop], ...ids.map((id) => samples[id][crop]), hr[crop]];
    const file = join("strips", `crop-${String(crop).padStart(2, "0")}.png`);
    const zoom = Math.ceil(LEAST_CELL / context.test.size);
    const options = { labels: { columns }, zoom, gap: GAP };
    await writePng(join(folder, file), await composeGrid([row], options));
    const { cell, left, top } = gridPlaces([row], options);
    strips.push({
      title: context.test.ids[crop],
      file,
      panes: { names: columns, left, top, ...cell, step: cell.width + GAP },
    });
  }
  return strips;
}
