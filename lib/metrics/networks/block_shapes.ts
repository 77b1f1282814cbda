import type { BlockLayout } from "../../nn/mod.ts";
import { joinShapes, linearShapes, normShapes, type Shapes } from "./layout.ts";

/**
 * Shapes of a transformer block.
 *
 * @param module Name of the block.
 * @param layout Names of its layers.
 * @param width Of the tokens.
 * @param hidden Width between its two layers.
 */
export function blockShapes(module: string, layout: BlockLayout, width: number, hidden: number): Shapes {
  const share = 3 / layout.heads.length; // queries, keys and values in one layer or in three
  return joinShapes([
    normShapes(`${module}.${layout.firstNorm}`, width),
    ...layout.heads.map((name) => linearShapes(`${module}.${name}`, width, share * width)),
    linearShapes(`${module}.${layout.out}`, width, width),
    normShapes(`${module}.${layout.secondNorm}`, width),
    linearShapes(`${module}.${layout.up}`, width, hidden),
    linearShapes(`${module}.${layout.down}`, hidden, width),
  ]);
}
