import { UsageError } from "../core/mod.ts";
import { metrics } from "./catalogue.ts";
import type { Protocol } from "./protocol.ts";
import type { ImageMetric } from "./record.ts";

/** Every metric of one image. */
export const imageMetrics: readonly ImageMetric[] = metrics.filter((metric) => metric.level === "image");

/**
 * Find metrics by name. Where there are several published networks, `lpips`, `musiq`, `maniqa` and `clipiqa` stand for
 * the one that the protocol names; `maniqaPipal` and the like for one of them under every protocol.
 *
 * @returns In the order of the names; one that is named twice is taken once.
 * @throws {UsageError} If there is no metric of a name, or the protocol's network is none of those here.
 */
export function chooseMetrics(names: readonly string[], protocol: Protocol): ImageMetric[] {
  return [...new Set(names.map((name) => find(name, protocol)))];
}

/** The metrics of a protocol: all but the networks that it does not name. */
export function protocolMetrics(protocol: Protocol): ImageMetric[] {
  return imageMetrics.filter(({ checkpoint }) => !checkpoint || isChosen(checkpoint, protocol));
}

function find(name: string, protocol: Protocol): ImageMetric {
  const exact = imageMetrics.find((metric) => metric.name === name);
  if (exact) return exact;
  const family = imageMetrics.filter(({ checkpoint }) => checkpoint?.family === name);
  const chosen = family.find(({ checkpoint }) => isChosen(checkpoint!, protocol));
  if (chosen) return chosen;
  if (family.length > 0) {
    throw new UsageError(
      `Cannot measure ${name} as protocol ${protocol.name} takes ${protocol.checkpoints[name]}: current choice is ${
        family.map(({ name }) => name).join(", ")
      }, to be named themselves`,
    );
  }
  const families = new Set(imageMetrics.flatMap(({ checkpoint }) => checkpoint ? [checkpoint.family] : []));
  const known = new Set([...imageMetrics.map(({ name }) => name), ...families]);
  throw new UsageError(
    `Cannot find metric as its name must be one of ${[...known].join(", ")}: current value is ${name}`,
  );
}

function isChosen({ family, name }: ImageMetric["checkpoint"] & object, { checkpoints }: Protocol): boolean {
  return checkpoints[family] === name;
}
