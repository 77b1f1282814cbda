import type { Protocol } from "./protocol.ts";
import type { ImageMetric } from "./record.ts";

/**
 * Say a protocol in one line, to be printed with every table.
 *
 * @param metrics Those of the table: what the protocol decides for others is not said.
 */
export function describeProtocol(
  protocol: Protocol,
  metrics: readonly Pick<ImageMetric, "choices" | "checkpoint">[],
): string {
  const { channel, space, border, quantise, dataRange } = protocol;
  const range = space === "ycbcr" ? "Y of YCbCr (BT.601, 16-235)" : "Y of YIQ (BT.601, 0-255)";
  const choices = metrics.flatMap(({ choices }) => choices ? [choices(protocol)] : []);
  const checkpoints = metrics.flatMap(({ checkpoint }) =>
    checkpoint ? [`${checkpoint.family} ${checkpoint.name}`] : []
  );
  return [
    `Protocol ${protocol.name} v${protocol.version}`,
    channel === "y" ? range : `RGB (0-255) for fidelity, ${range} elsewhere`,
    border === 0 ? "no border cropped" : `${border} px cropped at every side`,
    quantise ? "images rounded to 8 bits" : "images not rounded",
    `data range ${dataRange}`,
    ...new Set(choices),
    ...checkpoints.length === 0 ? [] : [`checkpoints: ${checkpoints.join(", ")}`],
  ].join("; ");
}
