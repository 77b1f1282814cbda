import { z } from "zod";
import { readJson } from "../../core/mod.ts";
import { checked } from "./checked.ts";
import type { CocoDetection, CocoTruth } from "./coco.ts";

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const runs = z.object({
  size: z.tuple([z.int().min(1), z.int().min(1)]),
  counts: z.union([z.string(), z.array(z.int().min(0))]),
});
const segmentation = z.union([z.array(z.array(z.number())).min(1), runs]);
const truth = z.object({
  images: z.array(z.object({
    id: z.int(),
    height: z.int().min(1),
    width: z.int().min(1),
    file_name: z.string().optional(),
  })).min(1),
  categories: z.array(z.object({ id: z.int(), name: z.string().optional() })).min(1),
  annotations: z.array(z.object({
    image_id: z.int(),
    category_id: z.int(),
    area: z.number().min(0),
    bbox: box,
    iscrowd: z.int().min(0).max(1).optional(),
    segmentation: segmentation.optional(),
  })),
});
const detections = z.array(z.object({
  image_id: z.int(),
  category_id: z.int(),
  score: z.number(),
  bbox: box.optional(),
  segmentation: segmentation.optional(),
}));

/**
 * Read an annotation file of COCO (`instances_val2017.json` and the like).
 *
 * @throws {DataError} If it is not one; the message names the first place that does not fit.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readCocoTruth(path: string): Promise<CocoTruth> {
  return checked<CocoTruth>(truth, await readJson(path), path);
}

/**
 * Read a result file of COCO: a list of `{image_id, category_id, score, bbox, segmentation}`.
 *
 * @throws {DataError} If it is not one; the message names the first place that does not fit.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readCocoDetections(path: string): Promise<CocoDetection[]> {
  return checked<CocoDetection[]>(detections, await readJson(path), path);
}
