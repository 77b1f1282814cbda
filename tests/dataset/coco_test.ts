import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../lib/core/mod.ts";
import { type CocoRuns, scaleCoco } from "../../lib/dataset/mod.ts";

const image = { id: 7, file_name: "a.jpg", width: 4, height: 2, license: 1 };

Deno.test("scaleCoco() scales boxes, areas and polygons by axis, and keeps the rest", () => {
  const annotation = {
    id: 3,
    image_id: 7,
    bbox: [1, 0.5, 2, 1],
    area: 2,
    segmentation: [[1, 0.5, 3, 1.5]],
    iscrowd: 0,
  };
  const file = { images: [image], annotations: [annotation as never], info: "kept" };
  const scaled = scaleCoco(file, { width: 8, height: 8 });
  assertEquals(scaled, {
    info: "kept",
    images: [{ ...image, width: 8, height: 8 }],
    annotations: [{
      id: 3,
      image_id: 7,
      bbox: [2, 2, 4, 4],
      area: 16,
      segmentation: [[2, 2, 6, 6]],
      iscrowd: 0,
    }],
  } as never);
});

Deno.test("scaleCoco() resizes the runs of crowds by the nearest pixel", () => {
  const runs: CocoRuns = { counts: [2, 3, 3], size: [2, 4] }; // columns 00 11 10 00
  const annotation = { image_id: 7, bbox: [1, 0, 2, 2] as const, area: 3, segmentation: runs };
  const scale = (size: { width: number; height: number }) =>
    scaleCoco({ images: [image], annotations: [annotation] }, size).annotations[0].segmentation;
  assertEquals(scale({ width: 4, height: 2 }), runs);
  assertEquals(scale({ width: 8, height: 2 }), { counts: [4, 5, 1, 1, 5], size: [2, 8] });
  assertEquals(scale({ width: 4, height: 4 }), { counts: [4, 6, 6], size: [4, 4] });
});

Deno.test("scaleCoco() refuses an annotation without its image, and compressed runs", () => {
  const annotation = { image_id: 8, bbox: [0, 0, 1, 1] as const, area: 1 };
  assertThrows(() => scaleCoco({ images: [image], annotations: [annotation] }, image), DataError, "value is 8");
  const segmentation: CocoRuns = { counts: "abc", size: [2, 4] };
  const packed = { ...annotation, image_id: 7, segmentation };
  assertThrows(() => scaleCoco({ images: [image], annotations: [packed] }, image), DataError, "is text");
});
