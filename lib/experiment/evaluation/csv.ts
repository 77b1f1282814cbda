import { csvText } from "../../core/mod.ts";
import type { FolderEvaluation } from "./evaluation.ts";

/**
 * Write an evaluation as CSV (RFC 4180): one line an image of a folder, empty where there is no value (the JSON says why),
 * `inf` where it is infinite; the protocol stands in the last column of every line. Metrics of whole folders are in the JSON
 * alone.
 */
export function evaluationCsv({ folders, images, metrics, protocol }: FolderEvaluation): string {
  const names = metrics.filter(({ level }) => level === "image").map(({ name }) => name);
  const version = `${protocol.name} v${protocol.version}`;
  const lines = folders.flatMap(({ name, perImage, infinite }) =>
    images.map((image, i) => [
      name,
      image,
      ...names.map((metric) => perImage[metric][i] ?? (infinite[metric]?.includes(image) ? "inf" : "")),
      version,
    ])
  );
  return csvText([["folder", "image", ...names, "protocol"], ...lines]);
}
