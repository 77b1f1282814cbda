import type { ImageMetric, SpectralMetric } from "../../metrics/mod.ts";
import { metricLabel } from "../tables/metric_label.ts";
import { textTable } from "./text_table.ts";

/**
 * List metrics for a terminal: direction, range, what each compares with, its source, and the files it needs.
 *
 * @param protocols When to take which protocol, by name.
 */
export function catalogueText(
  metrics: readonly (ImageMetric | SpectralMetric)[],
  protocols: Readonly<Record<string, string>>,
): string {
  const single = metrics.filter((metric) => metric.level === "image");
  const rows = metrics.map((metric) => [
    metric.name,
    metricLabel(metric) + (metric.unit === "" ? "" : ` (${metric.unit})`),
    metric.range.map((end) => end === Infinity ? "∞" : String(end)).join(" to "),
    metric.level === "set" ? "all truths" : metric.reference === "full" ? "truth" : "none",
    metric.level === "image" && metric.checkpoint ? `${metric.checkpoint.family} ${metric.checkpoint.name}` : "",
    metric.source,
  ]);
  const files = new Map(single.flatMap(({ weights }) => weights.map((file) => [file.file, file])));
  const needed = Array.from(files.values(), ({ file, origin }) => [
    file,
    single.filter(({ weights }) => weights.some((other) => other.file === file)).map(({ name }) => name).join(", "),
    origin,
  ]);
  return [
    textTable(["name", "metric", "range", "compares", "checkpoint", "source"], rows),
    textTable(["file of weights", "of", "from"], needed),
    textTable(["protocol", "when"], Object.entries(protocols)),
  ].join("\n\n");
}
