import { tensorScope } from "../../core/mod.ts";
import type { VelocityField } from "../../backbones/mod.ts";
import { batchOf } from "../../dataset/mod.ts";
import { drawNoise, sample } from "../../flow/mod.ts";
import { composeGrid, tensorToRasters, writePng } from "../../image/mod.ts";
import type { RunContext } from "./context.ts";

/** Validation crops in a progress strip, and the Euler steps they are sampled with. */
const CROPS = 4, STEPS = 8;

/** Writes a strip of validation crops while a network trains: condition, sample, truth, enlarged twice. */
export async function drawStrip({ validation }: RunContext, field: VelocityField, path: string): Promise<void> {
  using scope = tensorScope();
  const shown = validation.ids.slice(0, CROPS).map((_, i) => i);
  const { x1, c } = scope.own(batchOf(validation, shown));
  const x0 = scope.own(drawNoise(0, "progress-strip", 0, shown, [validation.size, validation.size, 3]));
  const restored = scope.own(await sample({ field, x0, c, steps: STEPS }));
  const rows = [c, restored, x1].map(tensorToRasters);
  const labels = { rows: ["bicubic", `${STEPS} steps`, "truth"] };
  await writePng(path, await composeGrid(rows, { labels, zoom: 2 }));
}
