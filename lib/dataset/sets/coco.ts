import { DataError } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import { type CocoRuns, resizeMask } from "./coco_mask.ts";

/** An image of a COCO file; other members are kept as they are. */
export interface CocoImage extends RasterSize {
  /** Number that annotations refer to. */
  readonly id: number;
  /** Its file. */
  readonly file_name: string;
}

/** An object of a COCO file; other members are kept as they are. */
export interface CocoObject {
  /** Its image. */
  readonly image_id: number;
  /** Left, top, width and height. */
  readonly bbox: readonly [number, number, number, number];
  /** Area in pixels. */
  readonly area: number;
  /** Polygons `x, y, x, y, ...`, or runs. */
  readonly segmentation?: readonly (readonly number[])[] | CocoRuns;
  /** Points of a body, `x, y, visibility, ...`. */
  readonly keypoints?: readonly number[];
}

/** An annotation file of COCO. */
export interface CocoFile {
  /** Images. */
  readonly images: readonly CocoImage[];
  /** Objects on them. */
  readonly annotations: readonly CocoObject[];
}

/**
 * Scale the annotations of COCO for images that are resized to one size, each axis by its own factor (Table 2).
 *
 * Boxes, polygons, key points and areas are multiplied, without rounding; runs, as crowds have them, are decoded, resized by the
 * nearest pixel and encoded again.
 *
 * @param file Annotations of the images as published.
 * @param size New sides of every image, such as 512 x 512.
 * @returns The same file for the resized images.
 * @throws {DataError} If an annotation refers to an image that is not there, or has compressed runs.
 */
export function scaleCoco<File extends CocoFile>(file: File, size: RasterSize): File {
  const images = new Map(file.images.map((image) => [image.id, image]));
  const annotations = file.annotations.map((annotation) => {
    const image = images.get(annotation.image_id);
    if (image === undefined) {
      throw new DataError(
        `Cannot scale annotations as every one must have its image: current value is ${annotation.image_id}`,
      );
    }
    const x = size.width / image.width, y = size.height / image.height;
    const [left, top, width, height] = annotation.bbox;
    const segmentation = scaleSegmentation(annotation.segmentation, size, x, y);
    return {
      ...annotation,
      bbox: [left * x, top * y, width * x, height * y] as const,
      area: annotation.area * x * y,
      ...(segmentation === undefined ? {} : { segmentation }),
      ...(annotation.keypoints === undefined
        ? {}
        : { keypoints: annotation.keypoints.map((value, i) => value * [x, y, 1][i % 3]) }),
    };
  });
  return { ...file, images: file.images.map((image) => ({ ...image, ...size })), annotations };
}

function scaleSegmentation(
  segmentation: CocoObject["segmentation"],
  size: RasterSize,
  x: number,
  y: number,
): CocoObject["segmentation"] {
  if (segmentation === undefined) return undefined;
  if ("counts" in segmentation) return resizeMask(segmentation, size);
  return segmentation.map((polygon) => polygon.map((value, i) => value * (i % 2 === 0 ? x : y)));
}
