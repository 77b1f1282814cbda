import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DataError } from "asasr/core/mod.ts";
import {
  boxIou,
  type CocoDetection,
  type CocoScores,
  cocoScores,
  type CocoTruth,
  competitionRanks,
  type Corner,
  decodeRuns,
  encodeRuns,
  intersectionArea,
  isSimple,
  maskArea,
  maskIou,
  polygonArea,
  polygonMask,
  readMask,
  reduceZeroLabel,
  segmentationScores,
  studyScores,
  type TextRegion,
  textScores,
} from "asasr/metrics/mod.ts";
import { close, goldenPath } from "../support.ts";

/** pycocotools, mmseg's and PaddleOCR's definitions in NumPy and Shapely. */
const golden: {
  coco: {
    gt: CocoTruth;
    dt: CocoDetection[];
    stats: { bbox: CocoScores; segm: CocoScores };
    rle_example: {
      rle: { size: [number, number]; counts: string };
      area: number;
      decoded_col_major_ones_per_row: number[];
    };
    mask_iou_first4gt_as_dt_x_first3dt_as_gt_crowd010: number[][];
  };
  miou: {
    num_classes: number;
    ignore: number;
    cases: { label: number[][]; pred: number[][] }[];
    dataset_level: Record<string, number | number[]>;
    only_case2_absent_class: Record<string, number | (number | null)[]>;
    "reduce_zero_label(ADE20K)": { raw: number[]; mapped: number[] };
  };
  ocr:
    & { images: { gt: TextRegion[]; det: TextRegion[] }[]; pair_iou: number[] }
    & Record<
      "result_iou0.5" | "result_iou0.7",
      { precision: number; recall: number; hmean: number; per_image: Record<string, number>[] }
    >;
  user_study: { methods: string[]; ranks: number[][]; topk: Record<string, number[]>; mean_rank: number[] };
} = JSON.parse(await Deno.readTextFile(goldenPath("metrics/tasks.json")));
const { coco, miou, ocr, user_study: study } = golden;

for (const [kind, key] of [["box", "bbox"], ["mask", "segm"]] as const) {
  Deno.test(`cocoScores() of ${kind}es and masks matches pycocotools: ${key}`, () => {
    const scores = cocoScores(coco.gt, coco.dt, kind);
    for (const [name, expected] of Object.entries(coco.stats[key])) {
      assertAlmostEquals(
        scores[name as keyof CocoScores],
        expected,
        1e-9,
        `${name}: ${scores[name as keyof CocoScores]}`,
      );
    }
  });
}

Deno.test("decodeRuns(), encodeRuns(), maskArea() and maskIou() match pycocotools", () => {
  const { rle, area, decoded_col_major_ones_per_row: rows } = coco.rle_example;
  const mask = readMask(rle, ...rle.size);
  assertEquals([maskArea(mask), encodeRuns(mask.counts)], [area, rle.counts]);
  const ones = new Array(rows.length).fill(0);
  let at = 0;
  mask.counts.forEach((count, i) => {
    for (let k = 0; k < count; k++, at++) if (i % 2 === 1) ones[at % mask.height]++;
  });
  assertEquals(ones, rows);
  const read = ({ segmentation }: CocoDetection | CocoTruth["annotations"][number]) =>
    readMask(segmentation!, 240, 320);
  const ours = coco.gt.annotations.slice(0, 4).map(read), theirs = coco.dt.slice(0, 3).map(read);
  const overlaps = ours.map((mask) => theirs.map((other, j) => maskIou(mask, other, j === 1)));
  close(overlaps, coco.mask_iou_first4gt_as_dt_x_first3dt_as_gt_crowd010, 1e-12);
});

Deno.test("cocoScores() refuses unknown images, missing boxes and broken masks", () => {
  const [first] = coco.dt;
  assertThrows(() => cocoScores(coco.gt, [{ ...first, image_id: 99 }], "box"), DataError, "current id is 99");
  assertThrows(() => cocoScores(coco.gt, [{ ...first, bbox: undefined }], "box"), DataError, "needs a box");
  assertThrows(() => readMask({ size: [2, 2], counts: [1, 2] }, 2, 2), DataError, "must fill 2 x 2: current sum is 3");
  assertThrows(() => decodeRuns("o"), DataError, "must be complete");
  assertThrows(() => polygonMask([0, 0, 1, 1], 2, 2), DataError, "three corners");
  assertEquals(cocoScores(coco.gt, [], "box").AP, 0);
  assertEquals(cocoScores({ ...coco.gt, annotations: [] }, coco.dt, "box").AP, -1);
  assertEquals(boxIou([0, 0, 2, 2], [1, 0, 2, 2], true), 0.5);
});

Deno.test("segmentationScores() matches mmseg's definition", () => {
  const flat = ({ label, pred }: { label: number[][]; pred: number[][] }) => ({
    truth: label.flat(),
    predicted: pred.flat(),
  });
  const check = (cases: typeof miou.cases, expected: Record<string, unknown>) => {
    const scores = segmentationScores(cases.map(flat), miou.num_classes, miou.ignore);
    close([scores.pixelAccuracy, scores.meanIou, scores.meanAccuracy], [
      expected["aAcc(PixAcc)"],
      expected.mIoU,
      expected.mAcc,
    ] as number[], 1e-9);
    (expected.IoU as (number | null)[]).forEach((value, c) => {
      if (value === null) assertEquals(scores.iou[c], NaN);
      else assertAlmostEquals(scores.iou[c], value, 1e-9);
    });
  };
  check(miou.cases, miou.dataset_level);
  const absent = miou.cases.find((one) => !one.label.flat().includes(6) && !one.pred.flat().includes(6));
  check([absent ?? miou.cases[2]], miou.only_case2_absent_class);
  const { raw, mapped } = miou["reduce_zero_label(ADE20K)"];
  assertEquals([...reduceZeroLabel(raw)], mapped);
  assertThrows(() => segmentationScores([{ truth: [7], predicted: [0] }], 7), RangeError, "current label is 7");
  assertThrows(() => segmentationScores([{ truth: [1, 2], predicted: [0] }], 7), RangeError, "1 and 2 pixels");
});

for (const overlap of [0.5, 0.7] as const) {
  Deno.test(`textScores() matches PaddleOCR's evaluator at ${overlap}`, () => {
    const images = ocr.images.map(({ gt, det }) => ({ truths: gt, detections: det }));
    const { perImage, ...scores } = textScores(images, overlap), expected = ocr[`result_iou${overlap}`];
    close([scores.precision, scores.recall, scores.hmean], [expected.precision, expected.recall, expected.hmean], 1e-9);
    assertEquals(
      perImage.map(({ matched, truths, detections }) => [matched, truths, detections]),
      expected.per_image.map(({ matched, care_gt, care_det }) => [matched, care_gt, care_det]),
    );
  });
}

Deno.test("textScores() drops detections inside ignored truths, and crossed outlines", () => {
  const square = (x: number): Corner[] => [[x, 0], [x + 2, 0], [x + 2, 2], [x, 2]];
  const truths = [{ points: square(0), ignore: true }, { points: square(5) }];
  const crossed: Corner[] = [[5, 0], [7, 2], [7, 0], [5, 2]];
  const detections = [{ points: square(0.5) }, { points: crossed }, { points: square(5) }];
  assertEquals(textScores([{ truths, detections }]).perImage, [{ matched: 1, truths: 1, detections: 1 }]);
});

Deno.test("intersectionArea() matches Shapely on the first outlines of every image", () => {
  const both = ocr.images.filter(({ gt, det }) => gt.length > 0 && det.length > 0);
  close(both.map(({ gt, det }) => intersectionArea(gt[0].points, det[0].points)), ocr.pair_iou, { relative: 1e-9 });
});

Deno.test("intersectionArea() is exact for outlines that are not convex", () => {
  const hook: Corner[] = [[0, 0], [4, 0], [4, 4], [3, 4], [3, 1], [0, 1]],
    bar: Corner[] = [[2, 0.5], [5, 0.5], [5, 2], [2, 2]];
  assertAlmostEquals(intersectionArea(hook, bar), 2 * 0.5 + 1 * 1, 1e-12);
  assertAlmostEquals(intersectionArea(hook, [...hook].reverse()), polygonArea(hook), 1e-12);
  const diamond: Corner[] = [[0, -1], [1, 0], [0, 1], [-1, 0]];
  assertAlmostEquals(intersectionArea(diamond, [[0, 0], [2, 0], [2, 2], [0, 2]]), 0.5, 1e-12);
  assert(isSimple(hook));
  assert(!isSimple([[0, 0], [1, 1], [2, 2]]));
  assert(!isSimple([[0, 0], [4, 0], [4, 4], [4, -2]]));
});

Deno.test("studyScores() is Eq. 47", () => {
  const scores = studyScores(study.ranks);
  study.methods.forEach((name, i) => close(scores[i].topK, study.topk[name], 1e-9));
  close(scores.map(({ meanRank }) => meanRank), study.mean_rank, 1e-9);
  assertThrows(() => studyScores([[1, 3]]), RangeError, "from 1 to 2");
  assertThrows(() => studyScores([]), RangeError, "needs a group");
});

Deno.test("competitionRanks() leaves out the ranks after a shared one", () => {
  assertEquals(competitionRanks([5, 2, 2, 9]), [3, 1, 1, 4]);
  assertEquals(competitionRanks([1, 2, 1]), [1, 3, 1]);
});
