import { csvText } from "../../core/mod.ts";
import type { EvaluatedFolder, EvaluationColumn, FolderEvaluation } from "./evaluation.ts";

/**
 * Write an evaluation as CSV (RFC 4180): one line an image of a folder, empty where there is no value, and the reason where a
 * metric is not available; the protocol stands in the last column of every line.
 */
export function evaluationCsv({ folders, images, metrics, protocol }: FolderEvaluation): string {
  const names = metrics.map(({ name }) => name), version = `${protocol.name} v${protocol.version}`;
  const lines = folders.flatMap(({ name, perImage }) =>
    images.map((image, i) => [name, image, ...metrics.map(value(i, perImage)), version])
  );
  return csvText([["folder", "image", ...names, "protocol"], ...lines]);
}

function value(image: number, perImage: EvaluatedFolder["perImage"]) {
  return ({ name, unavailable }: EvaluationColumn) => unavailable ?? perImage[name][image] ?? "";
}
