import type { FolderEvaluation } from "./evaluation.ts";

/**
 * Write an evaluation as CSV (RFC 4180): one line an image of a folder, empty where there is no value; the protocol stands
 * in the last column of every line.
 */
export function evaluationCsv({ folders, images, metrics, protocol }: FolderEvaluation): string {
  const names = metrics.map(({ name }) => name), version = `${protocol.name} v${protocol.version}`;
  const lines = folders.flatMap(({ name, perImage }) =>
    images.map((image, i) => [name, image, ...names.map((metric) => perImage[metric][i] ?? ""), version])
  );
  return [["folder", "image", ...names, "protocol"], ...lines].map((line) => line.map(field).join(",") + "\r\n").join(
    "",
  );
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
