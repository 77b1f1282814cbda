import { UsageError } from "../core/mod.ts";
import { metrics } from "./catalogue.ts";
import { spectralMetrics } from "./experiment_metrics.ts";
import type { Protocol } from "./protocol.ts";
import type { ImageMetric, SpectralMetric } from "./record.ts";

/** Every metric of one image. */
export const imageMetrics: readonly ImageMetric[] = metrics.filter((metric) => metric.level === "image");
const known: readonly (ImageMetric | SpectralMetric)[] = [...imageMetrics, ...spectralMetrics];

/**
 * Find metrics by name, in any case, or without the unit that ends it: `psnr` is `psnrDb`. Where there are several
 * published networks, `lpips`, `musiq`, `maniqa` and `clipiqa` stand for the one that the protocol names; `maniqaPipal` and
 * the like for one of them under every protocol.
 *
 * @returns In the order of the names; one that is named twice is taken once.
 * @throws {UsageError} If there is no metric of a name, or the protocol's network is none of those here.
 */
export function chooseMetrics(names: readonly string[], protocol: Protocol): (ImageMetric | SpectralMetric)[] {
  return [...new Set(names.map((name) => find(name, protocol)))];
}

/** The metrics of a protocol: all but the networks that it does not name. */
export function protocolMetrics(protocol: Protocol): (ImageMetric | SpectralMetric)[] {
  return known.filter((metric) =>
    metric.level === "set" || !metric.checkpoint || isChosen(metric.checkpoint, protocol)
  );
}

/** List the networks that a protocol names and that are none of those here, each with the reason why it is not measured. */
export function protocolGaps(protocol: Protocol): { name: string; reason: string }[] {
  return Object.keys(protocol.checkpoints).flatMap((family) => {
    const own = familyOf(family);
    const gap = own.length > 0 && !own.some(({ checkpoint }) => isChosen(checkpoint!, protocol));
    return gap ? [{ name: family, reason: gapReason(family, protocol) }] : [];
  });
}

function find(name: string, protocol: Protocol): ImageMetric | SpectralMetric {
  const plain = name.toLowerCase();
  const exact = known.find((metric) => metric.name.toLowerCase() === plain) ??
    known.find((metric) => metric.name.toLowerCase() === `${plain}${metric.unit.toLowerCase()}`);
  if (exact) return exact;
  const family = familyOf(name);
  const chosen = family.find(({ checkpoint }) => isChosen(checkpoint!, protocol));
  if (chosen) return chosen;
  if (family.length > 0) throw new UsageError(`Cannot measure ${name} as ${gapReason(name, protocol)}`);
  const families = new Set(imageMetrics.flatMap(({ checkpoint }) => checkpoint ? [checkpoint.family] : []));
  const names = new Set([...known.map(({ name }) => name), ...families]);
  throw new UsageError(
    `Cannot find metric as its name must be one of ${[...names].join(", ")}: current value is ${name}`,
  );
}

function familyOf(name: string): ImageMetric[] {
  return imageMetrics.filter(({ checkpoint }) => checkpoint?.family === name);
}

function gapReason(family: string, protocol: Protocol): string {
  const names = familyOf(family).map(({ name }) => name).join(", ");
  return `protocol ${protocol.name} takes ${protocol.checkpoints[family]}: current choice is ${names}, to be named ` +
    "themselves";
}

function isChosen({ family, name }: ImageMetric["checkpoint"] & object, { checkpoints }: Protocol): boolean {
  return checkpoints[family] === name;
}
