/** Methods of the paper's Table 2, in its order; it writes SUPIR as SUPSR. */
export const paperMethods = [
  "GT",
  "LQ",
  "BSRGAN",
  "Real-ESRGAN",
  "SwinIR-GAN",
  "StableSR",
  "DiffBIR",
  "FaithDiff",
  "SeeSR",
  "SUPIR",
  "DreamClear",
  "DP2O-SR",
  "DiT4SR",
  "ASASR",
] as const;

/** A row of Table 2: which of our scores it holds, and its values for `paperMethods`, in percent. */
export interface PaperRow {
  /** As the table calls it. */
  readonly label: string;
  /** Name among the scores of its task. */
  readonly score: string;
  /** In percent. */
  readonly values: readonly number[];
}

/** The paper's Table 2: tasks with their rows. Higher is better everywhere. */
// deno-fmt-ignore
export const paperDownstream: readonly { readonly heading: string; readonly task: string; readonly rows: readonly PaperRow[] }[] = [
  { heading: "OCR", task: "ocr", rows: [
    { label: "Precision", score: "precision", values: [64.87, 33.75, 41.83, 44.82, 48.06, 42.77, 44.48, 41.90, 45.74, 48.79, 52.00, 50.74, 51.35, 52.73] },
    { label: "Recall", score: "recall", values: [50.32, 3.81, 4.11, 7.61, 7.31, 21.77, 23.74, 31.71, 29.33, 36.78, 23.95, 40.03, 29.98, 45.91] },
  ] },
  { heading: "Object Detection", task: "coco", rows: [
    { label: "AP box", score: "box AP", values: [48.32, 12.53, 15.00, 19.36, 18.04, 24.66, 23.81, 29.52, 28.06, 28.04, 27.17, 33.51, 28.20, 35.62] },
    { label: "AP50 box", score: "box AP50", values: [68.00, 20.64, 23.61, 30.12, 28.60, 38.06, 36.82, 45.24, 43.57, 43.80, 40.71, 49.91, 44.44, 52.64] },
    { label: "AP75 box", score: "box AP75", values: [52.91, 12.96, 15.74, 20.23, 18.86, 25.46, 25.20, 30.52, 29.34, 29.52, 28.69, 36.00, 29.18, 38.56] },
  ] },
  { heading: "Instance Segmentation", task: "coco", rows: [
    { label: "AP mask", score: "mask AP", values: [42.52, 11.03, 13.03, 16.89, 15.29, 21.60, 20.57, 25.24, 23.98, 24.20, 23.37, 29.22, 24.07, 30.98] },
    { label: "AP50 mask", score: "mask AP50", values: [65.29, 18.96, 22.08, 28.00, 26.32, 35.49, 34.08, 41.81, 39.56, 40.82, 38.34, 46.77, 40.34, 49.18] },
    { label: "AP75 mask", score: "mask AP75", values: [46.27, 11.12, 13.22, 17.26, 15.28, 22.28, 20.83, 25.39, 24.96, 24.65, 23.99, 30.54, 24.97, 33.09] },
  ] },
  { heading: "Semantic Segmentation", task: "segmentation", rows: [
    { label: "mIoU", score: "mIoU", values: [49.39, 25.18, 21.74, 28.85, 25.86, 37.31, 34.82, 41.72, 39.11, 39.16, 36.47, 41.54, 37.57, 43.33] },
    { label: "PixAcc", score: "PixAcc", values: [82.17, 69.72, 66.24, 72.16, 71.25, 77.52, 75.93, 78.81, 77.75, 77.12, 77.13, 78.72, 76.32, 80.24] },
  ] },
];
